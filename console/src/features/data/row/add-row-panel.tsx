import { useQuery } from '@tanstack/react-query';

import { labelFieldOf } from '#console/domain/models/project-models.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { Alert } from '#console/ui/alert.tsx';
import { SidePanel } from '#console/ui/side-panel.tsx';
import { SkeletonRows } from '#console/ui/skeleton.tsx';
import { toast } from '#console/ui/toast.ts';

import type { Within } from '../data-search.ts';
import { useCreateInList, useCreateRow } from '../data.mutations.ts';
import { rowQuery, type DataSource } from '../data.queries.ts';
import { labelOf, shortId } from '#console/domain/models/row-labels.ts';
import { idOfRow, type Reference, type Row } from '#console/domain/models/rows.ts';
import { unset, writableFields } from './drafts.ts';
import { dataInList, draftsInList, fieldsInList, listLinkOf, type ListLink } from './list-link.ts';
import { RowForm } from './row-form.tsx';

interface AddRowPanelProps {
  readonly source: DataSource;
  /** The list that the new row is added to; undefined for all rows of the model. */
  readonly within: Within | undefined;
  readonly onClose: () => void;
  /** @param id the ID of the new row; null if the API does not return it */
  readonly onAdded: (id: string | null) => void;
}

export function AddRowPanel({ source, within, onClose, onAdded }: AddRowPanelProps) {
  const { models, model } = source;
  const link = within === undefined ? null : listLinkOf(models, model, within);
  return (
    <SidePanel
      open
      onClose={onClose}
      title={`Add a row to ${model.name}`}
      description="Fields that you don’t set get their default value, or null if they have none."
    >
      {within === undefined || link === null ? (
        <NewRow {...{ source, onClose, onAdded }} list={null} />
      ) : (
        <NewRowInList {...{ source, within, link, onClose, onAdded }} />
      )}
    </SidePanel>
  );
}

interface NewRowInListProps extends AddRowPanelProps {
  readonly within: Within;
  readonly link: ListLink;
}

/** Loads the row that the list belongs to, whose label the form shows. */
function NewRowInList({ source, within, link, ...rest }: NewRowInListProps) {
  const owner = useQuery(rowQuery({ ...source, model: link.owner }, within.id));
  if (owner.error !== null) {
    return (
      <Alert tone="danger" role="alert">
        {explainError(owner.error)}
      </Alert>
    );
  }
  if (owner.data === undefined) return <SkeletonRows rows={6} />;
  if (owner.data === null) {
    return <Alert tone="warning">The row that this list belongs to was deleted.</Alert>;
  }
  const list = { link, owner: referenceTo(link, owner.data) };
  return <NewRow source={source} list={list} {...rest} />;
}

function referenceTo({ owner }: ListLink, row: Row): Reference {
  const label = labelFieldOf(owner);
  const value = label === null ? null : (row[label.name] ?? null);
  return { id: idOfRow(row), label: typeof value === 'object' ? null : value };
}

interface NewRowProps extends Omit<AddRowPanelProps, 'within'> {
  readonly list: { readonly link: ListLink; readonly owner: Reference } | null;
}

function NewRow({ source, list, onClose, onAdded }: NewRowProps) {
  const { model } = source;
  const link = list?.link ?? null;
  const ownerId = list?.owner.id ?? '';
  const create = useCreateRow(source);
  const createInList = useCreateInList(
    { ...source, model: link?.owner ?? model },
    link?.field ?? null,
  );
  const fields = fieldsInList(writableFields(model, 'CREATE'), link);
  const blank = Object.fromEntries(fields.map((field) => [field.name, unset]));
  return (
    <div className="space-y-5">
      {list !== null && (
        <Alert tone="info">
          The new row is added to <strong>{list.link.field.name}</strong> of {list.link.owner.name}{' '}
          <strong>{labelOf(list.owner)}</strong>.
        </Alert>
      )}
      <RowForm
        source={source}
        fields={fields}
        writing="CREATE"
        initial={{ ...blank, ...draftsInList(link, ownerId) }}
        knownOf={(field) =>
          link?.by === 'REFERENCE' && field.name === link.relation ? (list?.owner ?? null) : null
        }
        errorsBelow={link?.by === 'OWNER' ? [link.field.name, 'create', '0'] : []}
        submitLabel="Add row"
        onCancel={onClose}
        onSubmit={async (data) => {
          if (link?.by === 'OWNER') {
            await createInList.mutateAsync({ owner: ownerId, data });
            return null;
          }
          return create.mutateAsync(dataInList(data, link, ownerId));
        }}
        onSaved={(id) => {
          toast.success(id === null ? 'Row added.' : `${model.name} ${shortId(id)} added.`);
          onAdded(id);
        }}
      />
    </div>
  );
}
