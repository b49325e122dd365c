import { useState } from 'react';

import type { RowId } from '#console/domain/models/row-key.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { countOf } from '#console/lib/count-of.ts';
import { ConfirmDialog } from '#console/ui/confirm-dialog.tsx';
import { toast } from '#console/ui/toast.ts';

import { useDeleteRows } from '../data.mutations.ts';
import type { DataSource } from '../data.queries.ts';

interface DeleteRowsProps {
  readonly source: DataSource;
  /** Empty while the dialog is closed. */
  readonly ids: readonly RowId[];
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Asks for confirmation, then deletes all of the rows or none of them. */
export function DeleteRows({ source, ids, onClose, onDeleted }: DeleteRowsProps) {
  const remove = useDeleteRows(source);
  // Keep the IDs, so that the dialog's text does not change during its closing animation.
  const [asked, setAsked] = useState(ids);
  if (ids.length > 0 && ids !== asked) setAsked(ids);
  const what = countOf(asked.length, 'row');
  return (
    <ConfirmDialog
      open={ids.length > 0}
      onOpenChange={(isOpen) => {
        if (isOpen) return;
        remove.reset();
        onClose();
      }}
      title={`Delete ${what} from ${source.model.name}?`}
      confirmLabel={`Delete ${what}`}
      error={remove.error === null ? null : explainError(remove.error)}
      onConfirm={async () => {
        const count = await remove.mutateAsync(asked);
        toast.success(`${countOf(count, 'row')} deleted from ${source.model.name}.`);
        onDeleted();
      }}
    >
      <p>
        This can’t be undone. Related rows are also deleted where the schema has{' '}
        <code className="font-mono">onDelete: CASCADE</code>.
      </p>
    </ConfirmDialog>
  );
}
