import { Popover as Base } from '@base-ui/react/popover';
import type { ReactElement, ReactNode } from 'react';

import { cn } from './cn.ts';
import { popupClass } from './popup.ts';

interface PopoverProps {
  /** The button that opens the popover. */
  readonly trigger: ReactElement;
  readonly title?: ReactNode;
  /** The accessible name, if there is no title. */
  readonly label?: string;
  readonly children: ReactNode;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  readonly align?: 'start' | 'center' | 'end';
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly className?: string;
}

/** A panel beside the button that opens it. */
export function Popover({
  trigger,
  title,
  label,
  children,
  side = 'bottom',
  align = 'start',
  open,
  onOpenChange,
  className,
}: PopoverProps) {
  return (
    <Base.Root open={open} onOpenChange={(isOpen) => onOpenChange?.(isOpen)}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner
          side={side}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className="z-50"
        >
          <Base.Popup
            aria-label={label}
            className={cn(
              popupClass,
              'max-h-(--available-height) max-w-[min(24rem,var(--available-width))] min-w-56 overflow-y-auto p-4',
              className,
            )}
          >
            {title !== undefined && <Base.Title className="mb-2 font-semibold">{title}</Base.Title>}
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
