import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, useRef } from 'react';

import { cn } from './cn.ts';
import { backdropClass, type DialogSize, dialogClass } from './dialog-classes.ts';
import { firstField } from './first-field.ts';
import { IconButton } from './icon-button.tsx';

interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly children: ReactNode;
  /**
   * The buttons, first the one that changes nothing. For a form, use `<button type="submit" form={formId}>`, or a
   * DialogFooter inside the form.
   */
  readonly footer?: ReactNode;
  readonly size?: DialogSize;
  /** If false, Escape and clicks outside do not close the dialog. Set it to false while closing would lose data. */
  readonly isDismissible?: boolean;
}

/**
 * A modal dialog. Focus starts at the first field, or at the first button of the footer if there is no field. It cannot
 * leave the dialog while it is open, and returns to the previous element when it closes.
 */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  size = 'md',
  isDismissible = true,
}: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root
      open={open}
      onOpenChange={(isOpen, { reason, cancel }) => {
        const isAside = reason === 'escape-key' || reason === 'outside-press';
        if (isAside && !isDismissible) cancel();
        else onOpenChange(isOpen);
      }}
    >
      <Base.Portal>
        <Base.Backdrop className={backdropClass} />
        <Base.Popup
          ref={popup}
          initialFocus={(openedBy) => openedBy === 'touch' || startOf(popup.current)}
          className={dialogClass(size)}
        >
          <header className="flex items-start justify-between gap-4 px-5 pt-4 pb-1">
            <div className="min-w-0 space-y-1">
              <Base.Title className="text-base font-semibold wrap-anywhere">{title}</Base.Title>
              {description !== undefined && (
                <Base.Description render={<div />} className="text-pretty text-quiet">
                  {description}
                </Base.Description>
              )}
            </div>
            {isDismissible && (
              <Base.Close
                render={<IconButton label="Close" icon={X} size="sm" className="-mr-2 -mt-1" />}
              />
            )}
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-3 pb-5">{children}</div>
          {footer !== undefined && (
            <DialogFooter className="static mx-0 mt-0 mb-0">{footer}</DialogFooter>
          )}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** `true` is the default of Base UI: the first element in the tab order. */
const startOf = (popup: HTMLElement | null): HTMLElement | true =>
  firstField(popup) ??
  popup?.querySelector<HTMLElement>(`[${footerMark}] button:not(:disabled)`) ??
  true;

const footerMark = 'data-dialog-footer';

/** The buttons at the end of a form inside a dialog. */
export function DialogFooter({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <div
      {...{ [footerMark]: '' }}
      className={cn(
        'sticky -bottom-5 z-10 -mx-5 mt-5 -mb-5 flex flex-wrap justify-end gap-2 rounded-b-xl border-t border-line bg-surface px-5 py-3',
        className,
      )}
    >
      {children}
    </div>
  );
}
