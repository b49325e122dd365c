import { AlertDialog as Base } from '@base-ui/react/alert-dialog';
import { type ReactNode, type RefObject, type SyntheticEvent, useRef, useState } from 'react';

import { Button } from './button.tsx';
import { backdropClass, dialogClass } from './dialog-classes.ts';
import { Field } from './field.tsx';
import { FormError } from './form-error.tsx';
import { Input } from './input.tsx';

interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** The question: "Delete Acme?" */
  readonly title: ReactNode;
  /** The consequences of the action. */
  readonly children?: ReactNode;
  /** The button label, which names the action: "Delete project". */
  readonly confirmLabel: string;
  /** The label of the button that closes the dialog without the action. */
  readonly cancelLabel?: string;
  readonly tone?: 'danger' | 'primary';
  /** Text that the user must type to confirm. */
  readonly typeToConfirm?: string;
  /** The dialog closes when the promise is fulfilled, and stays open with `error` when it is rejected. */
  readonly onConfirm: () => Promise<unknown>;
  /** The error message after a failure. */
  readonly error?: ReactNode;
}

/**
 * Asks for confirmation before an action that cannot be undone. Focus starts at the field for the confirmation text or,
 * without one, at the button that cancels, so that Enter does not confirm.
 */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, title, children } = props;
  const inputRef = useRef<HTMLInputElement>(null);
  const cancelRef = useRef<HTMLButtonElement>(null);
  return (
    <Base.Root open={open} onOpenChange={(isOpen) => onOpenChange(isOpen)}>
      <Base.Portal>
        <Base.Backdrop className={backdropClass} />
        <Base.Popup
          initialFocus={(openedBy) =>
            openedBy === 'touch' || (inputRef.current ?? cancelRef.current)
          }
          className={dialogClass('md')}
        >
          <div className="space-y-2 px-5 pt-4">
            <Base.Title className="text-base font-semibold wrap-anywhere">{title}</Base.Title>
            {children !== undefined && (
              <Base.Description
                render={<div />}
                className="space-y-2 text-pretty wrap-anywhere text-quiet"
              >
                {children}
              </Base.Description>
            )}
          </div>
          {/* A separate component inside the popup, so that closing the popup resets its state. */}
          <ConfirmForm {...props} inputRef={inputRef} cancelRef={cancelRef} />
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

function ConfirmForm({
  onOpenChange,
  confirmLabel,
  tone = 'danger',
  typeToConfirm,
  cancelLabel = 'Cancel',
  onConfirm,
  error,
  inputRef,
  cancelRef,
}: ConfirmDialogProps & {
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly cancelRef: RefObject<HTMLButtonElement | null>;
}) {
  const [typed, setTyped] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const [isRunning, setIsRunning] = useState(false);

  const confirm = async () => {
    if (typeToConfirm !== undefined && typed.normalize('NFC').trim() !== typeToConfirm) {
      setIsWrong(true);
      inputRef.current?.focus();
      return;
    }
    setIsRunning(true);
    try {
      await onConfirm();
      onOpenChange(false);
    } catch {
      // The caller shows the error through `error`.
      setIsRunning(false);
    }
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    // React events bubble through portals, so an enclosing form would submit too.
    event.stopPropagation();
    if (!isRunning) void confirm();
  };

  return (
    <form noValidate onSubmit={submit}>
      <div className="flex flex-col gap-4 px-5 pt-4 pb-5">
        {typeToConfirm !== undefined && (
          <Field
            label={
              <>
                Type <span className="font-mono font-semibold">{typeToConfirm}</span> to confirm
              </>
            }
            error={isWrong ? 'The text does not match.' : null}
          >
            <Input
              ref={inputRef}
              value={typed}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              onChange={(event) => {
                setTyped(event.target.value);
                setIsWrong(false);
              }}
            />
          </Field>
        )}
        <FormError>{error}</FormError>
      </div>
      <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">
        <Base.Close ref={cancelRef} render={<Button>{cancelLabel}</Button>} />
        <Button type="submit" variant={tone} isLoading={isRunning}>
          {confirmLabel}
        </Button>
      </div>
    </form>
  );
}
