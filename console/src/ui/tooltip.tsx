import { Tooltip as Base } from '@base-ui/react/tooltip';
import { type ReactElement, type ReactNode, useState } from 'react';

interface TooltipProps {
  readonly content: ReactNode;
  /** What it belongs to: one element that takes a ref and the events of a pointer. */
  readonly children: ReactElement;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
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
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Base.Root open={isOpen} onOpenChange={setIsOpen} disabled={isDisabled}>
      <Base.Trigger
        render={children}
        delay={opensOnPress ? 150 : 400}
        closeOnClick={!opensOnPress}
        onClick={opensOnPress ? () => setIsOpen(true) : undefined}
      />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} collisionPadding={8} className="z-50">
          <Base.Popup
            aria-hidden="true"
            className="max-w-72 origin-(--transform-origin) rounded-md bg-ink px-2.5 py-1.5 text-xs text-pretty text-paper shadow-pop transition-[scale,opacity] duration-100 data-ending-style:opacity-0 data-instant:transition-none data-starting-style:scale-95 data-starting-style:opacity-0"
          >
            {content}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** Around the app: when one tooltip has been shown, the next one beside it comes at once. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return <Base.Provider>{children}</Base.Provider>;
}
