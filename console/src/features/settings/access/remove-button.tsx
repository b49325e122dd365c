import type { UseMutationResult } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { explainError, isApiError } from '#console/lib/api/errors.ts';
import { ConfirmDialog } from '#console/ui/confirm-dialog.tsx';
import { IconButton } from '#console/ui/icon-button.tsx';

interface RemoveButtonProps {
  /** The origin or the issuer. */
  readonly name: string;
  readonly confirmLabel: string;
  /** Why the button is disabled; null if it is not. */
  readonly reason: string | null;
  readonly remove: UseMutationResult<void, Error, string>;
  /** The consequences. */
  readonly children: ReactNode;
}

/** A button that removes an entry from a list of settings, after a confirmation. */
export function RemoveButton({ name, confirmLabel, reason, remove, children }: RemoveButtonProps) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <IconButton
        label={`Remove ${name}`}
        icon={Trash2}
        size="sm"
        disabledReason={reason}
        onClick={() => setIsAsking(true)}
      />
      <ConfirmDialog
        open={isAsking}
        onOpenChange={(isOpen) => {
          remove.reset();
          setIsAsking(isOpen);
        }}
        title={`Remove ${name}?`}
        confirmLabel={confirmLabel}
        onConfirm={() => remove.mutateAsync(name)}
        error={remove.isError ? reasonOf(remove.error) : null}
      >
        {children}
      </ConfirmDialog>
    </>
  );
}

function reasonOf(error: Error): string {
  const issues = isApiError(error) ? error.issues.map(({ message }) => message) : [];
  return issues.length === 0 ? explainError(error) : issues.join(' ');
}
