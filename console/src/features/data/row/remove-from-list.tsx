import { Unlink } from 'lucide-react';

import type { RowId } from '#console/domain/models/row-key.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { countOf } from '#console/lib/count-of.ts';
import { Button } from '#console/ui/button.tsx';
import { toast } from '#console/ui/toast.ts';

import type { Within } from '../data-search.ts';
import { useChangeLinks } from '../data.mutations.ts';
import type { DataSource } from '../data.queries.ts';
import type { ListLink } from './list-link.ts';

interface RemoveFromListProps {
  readonly source: DataSource;
  readonly within: Within;
  readonly link: ListLink;
  /** The selected rows. */
  readonly ids: readonly RowId[];
  readonly readOnlyReason: string | null;
  readonly onRemoved: () => void;
}

/** Removes the selected rows from the list of another row, without deleting them. */
export function RemoveFromList(props: RemoveFromListProps) {
  const { source, within, link, ids, readOnlyReason, onRemoved } = props;
  const change = useChangeLinks({ ...source, model: link.owner }, link.field);
  const sayFailed = (error: unknown) => toast.error(explainError(error));
  const remove = async () => {
    try {
      await change.mutateAsync({ id: within.id, disconnect: ids });
    } catch (error) {
      sayFailed(error);
      return;
    }
    toast.success(`${countOf(ids.length, 'row')} removed from ${link.field.name}.`, {
      label: 'Undo',
      run: () => void change.mutateAsync({ id: within.id, connect: ids }).catch(sayFailed),
    });
    onRemoved();
  };
  return (
    <Button
      size="sm"
      icon={Unlink}
      disabledReason={readOnlyReason}
      isLoading={change.isPending}
      onClick={() => void remove()}
    >
      Remove from {link.field.name}
    </Button>
  );
}
