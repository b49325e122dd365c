import { useQuery } from '@tanstack/react-query';
import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';

import { labelFieldOf } from '#console/domain/models/project-models.ts';
import { keyText, type RowId } from '#console/domain/models/row-key.ts';
import { valueText } from '#console/domain/models/values.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { Alert } from '#console/ui/alert.tsx';
import { Button } from '#console/ui/button.tsx';
import { CopyButton } from '#console/ui/copy-button.tsx';
import { SidePanel } from '#console/ui/side-panel.tsx';
import { SkeletonRows } from '#console/ui/skeleton.tsx';
import { toast } from '#console/ui/toast.ts';

import { useDataView } from '../data-view.ts';
import { useUpdateRow } from '../data.mutations.ts';
import { rowQuery, type DataSource } from '../data.queries.ts';
import { FieldValue } from '../field-value.tsx';
import { fullId } from '#console/domain/models/row-labels.ts';
import { typeText } from '../labels.ts';
import { idOfRow, referenceOf, type Row } from '#console/domain/models/rows.ts';
import { DeleteRows } from './delete-rows.tsx';
import { draftOf, writableFields } from './drafts.ts';
import { LinksEditor } from './links-editor.tsx';
import { RowForm } from './row-form.tsx';

interface PanelProps {
  readonly source: DataSource;
  /** Why this member cannot write rows; null if they can. */
  readonly readOnlyReason: string | null;
  readonly onClose: () => void;
}

/** A side panel with one row: all its values, links to related rows, and a form to edit it. */
export function RowPanel(props: PanelProps & { readonly id: RowId }) {
  const { source, id, onClose } = props;
  const { data: row, error, refetch } = useQuery(rowQuery(source, id));
  const label = labelFieldOf(source.model);
  const name = row == null || label === null ? null : (row[label.name] ?? null);
  return (
    <SidePanel
      open
      onClose={onClose}
      title={name === null || name === '' ? source.model.name : valueText(name)}
      description={
        <span className="inline-flex items-center gap-1">
          {source.model.name} <code className="font-mono text-xs wrap-anywhere">{fullId(id)}</code>
          <CopyButton value={keyText(source.model.key, id)} label="Copy the key" />
        </span>
      }
    >
      {error !== null && (
        <Alert
          tone="danger"
          role="alert"
          actions={
            <Button size="sm" onClick={() => void refetch()}>
              Try again
            </Button>
          }
        >
          {explainError(error)}
        </Alert>
      )}
      {error === null && row === undefined && <SkeletonRows rows={6} />}
      {row === null && (
        <Alert tone="warning">
          No row has this key. It might have been deleted, or the link might be wrong.
        </Alert>
      )}
      {row != null && <RowDetail key={idOfRow(row)} {...props} row={row} />}
    </SidePanel>
  );
}

function RowDetail({ source, readOnlyReason, onClose, row }: PanelProps & { readonly row: Row }) {
  const { model } = source;
  const [mode, setMode] = useState<'READ' | 'EDIT' | 'DELETE'>('READ');
  const update = useUpdateRow(source, model.fields);
  const fields = writableFields(model, 'UPDATE');
  const editReason =
    readOnlyReason ?? (fields.length === 0 ? `${model.name} rows have no editable fields.` : null);
  if (mode === 'EDIT') {
    return (
      <RowForm
        source={source}
        writing="UPDATE"
        fields={fields}
        initial={Object.fromEntries(fields.map((field) => [field.name, draftOf(field, row)]))}
        knownOf={(field) => (field.kind === 'TO_ONE' ? referenceOf(row[field.name]) : null)}
        submitLabel="Save"
        onCancel={() => setMode('READ')}
        onSubmit={async (data) => {
          const isChanged = Object.keys(data).length > 0;
          if (isChanged) await update.mutateAsync({ id: idOfRow(row), data });
          return isChanged;
        }}
        onSaved={(isChanged) => {
          if (isChanged) toast.success('Saved.');
          setMode('READ');
        }}
      />
    );
  }
  return (
    <>
      <div className="mb-4 flex flex-wrap gap-2">
        <Button icon={Pencil} disabledReason={editReason} onClick={() => setMode('EDIT')}>
          Edit
        </Button>
        <Button icon={Trash2} disabledReason={readOnlyReason} onClick={() => setMode('DELETE')}>
          Delete
        </Button>
      </div>
      <RowValues source={source} row={row} readOnlyReason={readOnlyReason} />
      <DeleteRows
        source={source}
        ids={mode === 'DELETE' ? [idOfRow(row)] : []}
        onClose={() => setMode('READ')}
        onDeleted={onClose}
      />
    </>
  );
}

interface RowValuesProps extends Pick<PanelProps, 'source' | 'readOnlyReason'> {
  readonly row: Row;
}

function RowValues({ source, row, readOnlyReason }: RowValuesProps) {
  const { search } = useDataView();
  return (
    <dl className="divide-y divide-line">
      {source.model.fields.map((field) => (
        <div key={field.name} className="grid gap-x-4 gap-y-0.5 py-2.5 sm:grid-cols-[10rem_1fr]">
          <dt className="min-w-0 wrap-anywhere">
            <span className="font-medium">{field.name}</span>{' '}
            <span className="block font-mono text-xs text-quiet">{typeText(field)}</span>
          </dt>
          <dd className="min-w-0 wrap-anywhere">
            {field.kind === 'TO_MANY' && field.isLinkable ? (
              <LinksEditor {...{ source, field, row, readOnlyReason }} />
            ) : (
              <FieldValue source={source} field={field} row={row} search={search} />
            )}
            {field.kind === 'VALUE' && field.type.name === 'DateTime' && !field.isList && (
              <code className="block font-mono text-xs text-quiet">
                {valueText(row[field.name] ?? '')}
              </code>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
