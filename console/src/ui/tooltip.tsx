import { Tooltip as Base } from '@base-ui/react/tooltip';
import {
  lazy,
  type ReactElement,
  type ReactNode,
  Suspense,
  useId,
  useSyncExternalStore,
} from 'react';

import { tooltipNews, tooltips, type TooltipSide } from './tooltip-news.ts';

interface TooltipProps {
  readonly content: ReactNode;
  /** The trigger: one element that accepts a ref and pointer events. */
  readonly children: ReactElement;
  readonly side?: TooltipSide;
  /** Also shows the tooltip on press, for disabled controls on touch screens. */
  readonly opensOnPress?: boolean;
  readonly isDisabled?: boolean;
}

/**
 * Text shown on hover and focus. It is hidden from screen readers, so the control needs the same text as its accessible
 * name or description.
 */
export function Tooltip({
  content,
  children,
  side = 'top',
  opensOnPress = false,
  isDisabled = false,
}: TooltipProps) {
  // Not the id of the element, because the trigger of a menu gives it another one.
  const id = useId();
  const want = ({ currentTarget }: { currentTarget: HTMLElement }) => {
    if (!isDisabled) tooltipNews.want(id, currentTarget);
  };
  return (
    <Base.Trigger
      id={id}
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
              tooltips.open(id);
            }
          : tooltipNews.forget
      }
    />
  );
}

const TooltipPopup = lazy(() => import('./tooltip-popup.tsx'));

/** Wraps the app. After one tooltip has been shown, adjacent tooltips appear without delay. */
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
