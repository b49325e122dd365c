import { AlertDialog as Base } from '@base-ui/react/alert-dialog';
import { type ReactNode, type SyntheticEvent, useRef, useState } from 'react';

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
  /** What will be, once it is done. */
  readonly children?: ReactNode;
  /** The deed, not "OK": "Delete project". */
  readonly confirmLabel: string;
  readonly tone?: 'danger' | 'primary';
  /** What must be typed first, to be sure that it is meant. */
  readonly typeToConfirm?: string;
  /** Closes when it is done; stays open with `error` when it is rejected. */
  readonly onConfirm: () => Promise<unknown>;
  /** Why it could not be done. */
  readonly error?: ReactNode;
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, title, children } = props;
  return (
    <Base.Root open={open} onOpenChange={(isOpen) => onOpenChange(isOpen)}>
      <Base.Portal>
        <Base.Backdrop className={backdropClass} />
        <Base.Popup className={dialogClass('md')}>
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
          {/* Inside the popup, so that what was typed goes when it closes. */}
          <ConfirmForm {...props} />
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
  onConfirm,
  error,
}: ConfirmDialogProps) {
  const [typed, setTyped] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const [isRunning, setIsRunning] = useState(false);
  const input = useRef<HTMLInputElement>(null);

  const confirm = async () => {
    if (typeToConfirm !== undefined && typed.normalize('NFC').trim() !== typeToConfirm) {
      setIsWrong(true);
      input.current?.focus();
      return;
    }
    setIsRunning(true);
    try {
      await onConfirm();
      onOpenChange(false);
    } catch {
      // Whoever asked for it knows why, and says it in `error`.
      setIsRunning(false);
    }
  };
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    // React's events pass through portals: a form around this dialog is not meant.
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
            error={isWrong ? `This is not ${typeToConfirm}.` : null}
          >
            <Input
              ref={input}
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
        <Base.Close render={<Button>Cancel</Button>} />
        <Button type="submit" variant={tone} isLoading={isRunning}>
          {confirmLabel}
        </Button>
      </div>
    </form>
  );
}
