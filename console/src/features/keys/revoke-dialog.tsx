import type { KeyRowFragment } from '#console/gql/graphql.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { ConfirmDialog } from '#console/ui/confirm-dialog.tsx';
import { Time } from '#console/ui/time.tsx';

import type { KeyChanges } from './use-key-changes.ts';

interface RevokeDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly apiKey: KeyRowFragment;
  readonly revoke: KeyChanges['revoke'];
}

export function RevokeDialog({ open, onOpenChange, apiKey, revoke }: RevokeDialogProps) {
  const { name, prefix, lastUsedAt } = apiKey;
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(isOpen) => {
        revoke.reset();
        onOpenChange(isOpen);
      }}
      title={`Revoke ${name} (${prefix}…)?`}
      confirmLabel="Revoke key"
      onConfirm={() => revoke.mutateAsync(apiKey)}
      error={revoke.isError ? explainError(revoke.error) : null}
    >
      <p>
        Requests that use this key will start to fail within a second. This can’t be undone.{' '}
        {lastUsedAt === null ? (
          'The key has never been used.'
        ) : (
          <>
            The key was last used <Time value={lastUsedAt} />.
          </>
        )}
      </p>
    </ConfirmDialog>
  );
}
