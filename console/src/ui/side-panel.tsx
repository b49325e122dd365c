import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, useRef } from 'react';

import { cn } from './cn.ts';
import { backdropClass } from './dialog-classes.ts';
import { firstField } from './first-field.ts';
import { IconButton } from './icon-button.tsx';

interface SidePanelProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly children: ReactNode;
}

/**
 * The first field of the first form inside an element; null if it has none. Also null on a touch screen, which shows its
 * keyboard for a focused field.
 */
export function firstFieldOf(element: HTMLElement | null): HTMLElement | null {
  if (matchMedia('(pointer: coarse)').matches) return null;
  return firstField(element?.querySelector('form') ?? null);
}

/** A dialog along the right edge, for one item in a list. On a phone, it fills the screen. */
export function SidePanel({ open, onClose, title, description, children }: SidePanelProps) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root
      open={open}
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className={backdropClass} />
        <Base.Popup
          ref={popup}
          // Do not focus a button in the header: its tooltip would open and consume the first Escape.
          initialFocus={() => firstFieldOf(popup.current) ?? popup.current}
          className={cn(
            'fixed inset-y-0 right-0 z-40 flex w-full max-w-xl flex-col border-l border-line bg-surface text-ink shadow-pop outline-none',
            'transition-[translate,opacity] duration-150 ease-out data-ending-style:translate-x-8 data-ending-style:opacity-0 data-starting-style:translate-x-8 data-starting-style:opacity-0',
          )}
        >
          <header className="flex items-start justify-between gap-4 border-b border-line px-5 py-4">
            <div className="min-w-0 space-y-1">
              <Base.Title className="text-base font-semibold wrap-anywhere">{title}</Base.Title>
              {description !== undefined && (
                <Base.Description render={<div />} className="text-quiet">
                  {description}
                </Base.Description>
              )}
            </div>
            <Base.Close
              render={<IconButton label="Close" icon={X} size="sm" className="-mr-2 -mt-1" />}
            />
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-4 pb-5">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
