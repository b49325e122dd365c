import { Tooltip as Base } from '@base-ui/react/tooltip';
import { lazy, type ReactElement, type ReactNode, Suspense, useSyncExternalStore } from 'react';

import { tooltipNews, tooltips, type TooltipSide } from './tooltip-news.ts';

interface TooltipProps {
  readonly content: ReactNode;
  /** What it belongs to: one element that takes a ref and the events of a pointer. */
  readonly children: ReactElement;
  readonly side?: TooltipSide;
  /** A press shows it, too: fingers do not hover. For what is pressed in vain. */
  readonly opensOnPress?: boolean;
  readonly isDisabled?: boolean;
}

/**
 * A few words on hover and on focus, for the eye alone: whoever reads with their ears needs them as a name or a
 * description of the control itself.
 */
export function Tooltip({
  content,
  children,
  side = 'top',
  opensOnPress = false,
  isDisabled = false,
}: TooltipProps) {
  const want = ({ currentTarget }: { currentTarget: HTMLElement }) => {
    if (!isDisabled) tooltipNews.want(currentTarget);
  };
  return (
    <Base.Trigger
      render={children}
      handle={tooltips}
      payload={{ content, side }}
      disabled={isDisabled}
      delay={opensOnPress ? 150 : 400}
      closeOnClick={!opensOnPress}
      onMouseEnter={want}
      onMouseLeave={tooltipNews.forget}
      onFocus={want}
      onBlur={tooltipNews.forget}
      onClick={
        opensOnPress
          ? (event) => {
              want(event);
              tooltips.open(event.currentTarget.id);
            }
          : tooltipNews.forget
      }
    />
  );
}

const TooltipPopup = lazy(() => import('./tooltip-popup.tsx'));

/** Around the app: when one tooltip has been shown, the next one beside it comes at once. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  const isAnyWanted = useSyncExternalStore(tooltipNews.subscribe, tooltipNews.isAnyWanted);
  return (
    <Base.Provider>
      {children}
      {isAnyWanted && (
        <Suspense>
          <TooltipPopup />
        </Suspense>
      )}
    </Base.Provider>
  );
}
