import {
  useTable,
  type Header,
  type OnChangeFn,
  type RowSelectionState,
} from '@tanstack/react-table';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useMemo, useState } from 'react';

import { fieldNamed, type ModelField } from '#console/domain/models/project-models.ts';
import { Checkbox } from '#console/ui/checkbox.tsx';
import { cn } from '#console/ui/cn.ts';

import { writeSort, type DataView, type Sort } from '../data-view.ts';
import { useUpdateRow } from '../data.mutations.ts';
import type { DataSource } from '../data.queries.ts';
import { isNumeric } from '../field-value.tsx';
import { typeText } from '../labels.ts';
import type { WritableField } from '../row/drafts.ts';
import { idOfRow, type Row } from '#console/domain/models/rows.ts';
import { CellEditor, type Leaving } from './cell-editor.tsx';
import { gridColumns, gridFeatures, type GridFeatures } from './columns.ts';
import { FieldCell, SelectCell } from './grid-cell.tsx';
import { useGridKeys, type Place } from './use-grid-keys.ts';

export interface DataGridProps {
  readonly source: DataSource;
  readonly fields: readonly ModelField[];
  readonly rows: readonly Row[];
  readonly search: DataView['search'];
  readonly sorts: readonly Sort[];
  readonly onSort: (sort: string | undefined) => void;
  readonly selection: RowSelectionState;
  readonly onSelectionChange: OnChangeFn<RowSelectionState>;
  readonly readOnlyReason: string | null;
  /** Whether a different set of rows is being loaded. */
  readonly isStale: boolean;
}

const keysHelp =
  'Use the arrow keys to move between cells. Press Enter to edit, Space to show the full value or select a row, and Ctrl+Enter to follow a link.';

/** The grid of rows, with sortable headers and editable cells. */
export function DataGrid(props: DataGridProps) {
  const { source, fields, rows, search, readOnlyReason } = props;
  const table = useDataTable(props);
  const [editing, setEditing] = useState<{ id: string; field: string } | null>(null);
  const update = useUpdateRow(source, fields);

  const { gridRef, goTo, cellProps } = useGridKeys({
    rows: rows.length,
    columns: fields.length + 1,
  });
  const canEdit = (field: ModelField | undefined): field is WritableField =>
    readOnlyReason === null &&
    field !== undefined &&
    field.kind !== 'TO_MANY' &&
    field.kind !== 'KEY' &&
    field.isUpdatable;
  /** Column 0 contains the row checkbox, so field n is in column n + 1. */
  const edit = ({ row, column }: Place) => {
    const edited = rows[row];
    const field = fields[column - 1];
    if (edited !== undefined && canEdit(field))
      setEditing({ id: idOfRow(edited), field: field.name });
  };
  const leave = (place: Place, leaving: Leaving) => {
    setEditing(null);
    if (leaving === 'AWAY') return;
    const step = leaving === 'STAY' ? 0 : leaving === 'NEXT' ? 1 : -1;
    const next = { row: place.row, column: place.column + step };
    goTo(next);
    // Tab edits the next cell if it is editable.
    if (step !== 0) edit(next);
  };

  return (
    <div
      className={cn(
        // The grid scrolls in both directions, so that its header row stays visible. The scroll padding is as high as the
        // header row: a cell that receives focus is not hidden behind it.
        'relative max-h-[max(20rem,calc(100dvh-17rem))] min-w-0 scroll-pt-10 touch:scroll-pt-16 overflow-auto rounded-lg border border-line bg-surface shadow-xs transition-opacity',
        props.isStale && 'opacity-60',
      )}
    >
      <p id="grid-keys" hidden>
        {keysHelp}
      </p>
      <table
        ref={gridRef}
        role="grid"
        aria-label={`${source.model.name} rows`}
        aria-describedby="grid-keys"
        aria-multiselectable="true"
        aria-readonly={readOnlyReason !== null || undefined}
        aria-busy={props.isStale || undefined}
        className="w-full border-collapse text-left text-[0.8125rem]"
      >
        {/* A border would not stay with the sticky header row, so that a shadow draws the line. */}
        <thead className="sticky top-0 z-10 bg-sunken text-xs text-quiet shadow-[inset_0_-1px_0_var(--line)]">
          <tr>
            <th scope="col" className="w-10 px-3 py-2">
              <Checkbox
                label="Select all rows on this page"
                isLabelHidden
                checked={rows.length > 0 && table.getIsAllRowsSelected()}
                indeterminate={table.getIsSomeRowsSelected()}
                onCheckedChange={(checked) => table.toggleAllRowsSelected(checked)}
              />
            </th>
            {table.getFlatHeaders().map((header) => (
              <HeaderCell key={header.id} header={header} source={source} />
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {table.getRowModel().rows.map((row) => (
            <tr
              key={row.id}
              aria-selected={row.getIsSelected()}
              className={cn(
                'transition-colors hover:bg-ink/3',
                row.getIsSelected() && 'bg-accent-soft/50',
              )}
            >
              <SelectCell row={row} cellProps={cellProps} />
              {fields.map((field, index) => {
                const place = { row: row.index, column: index + 1 };
                const isEdited = editing?.id === row.id && editing.field === field.name;
                return (
                  <FieldCell
                    key={field.name}
                    source={source}
                    field={field}
                    row={row.original}
                    search={search}
                    place={place}
                    cellProps={cellProps}
                    onEdit={canEdit(field) ? () => edit(place) : undefined}
                    editor={
                      isEdited && canEdit(field) ? (
                        <CellEditor
                          source={source}
                          field={field}
                          row={row.original}
                          save={(data) => update.mutateAsync({ id: row.id, data })}
                          onLeave={(leaving) => leave(place, leaving)}
                        />
                      ) : null
                    }
                  />
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** TanStack Table manages selection and sort state. The API sorts the rows. */
function useDataTable(props: DataGridProps) {
  const { source, fields, rows, sorts, onSort, selection, onSelectionChange } = props;
  const columns = useMemo(() => gridColumns(source, fields), [source, fields]);
  return useTable({
    features: gridFeatures,
    columns,
    data: rows,
    getRowId: idOfRow,
    state: { sorting: [...sorts], rowSelection: selection },
    manualSorting: true,
    isMultiSortEvent: (event) => (event as MouseEvent).shiftKey,
    onSortingChange: (updater) =>
      onSort(writeSort(typeof updater === 'function' ? updater([...sorts]) : updater)),
    onRowSelectionChange: onSelectionChange,
  });
}

interface HeaderCellProps {
  readonly header: Header<GridFeatures, Row>;
  readonly source: DataSource;
}

const ariaSort = { asc: 'ascending', desc: 'descending' } as const;

function HeaderCell({ header: { column }, source: { model } }: HeaderCellProps) {
  const field = fieldNamed(model, column.id);
  const isNumber = field !== null && isNumeric(field);
  const sorted = column.getIsSorted();
  const Arrow = sorted === 'desc' ? ArrowDown : ArrowUp;
  const words = (
    <span className="inline-flex items-baseline gap-1.5">
      <span className="font-medium text-ink">{column.id}</span>
      <span className="font-mono text-[0.6875rem] font-normal">
        {field !== null && typeText(field)}
      </span>
    </span>
  );
  return (
    <th
      scope="col"
      aria-sort={sorted === false ? undefined : ariaSort[sorted]}
      className={cn('px-3 py-1.5 font-normal whitespace-nowrap', isNumber && 'text-right')}
    >
      {column.getCanSort() ? (
        <button
          type="button"
          title="Click to sort by this field. Shift-click to add it to the current sort."
          onClick={column.getToggleSortingHandler()}
          className={cn(
            '-mx-1.5 inline-flex cursor-pointer items-center gap-1.5 rounded-md px-1.5 py-1 hover:bg-ink/6',
            // The invisible arrow would separate the name from the right edge of the numbers.
            isNumber && 'flex-row-reverse',
          )}
        >
          {words}
          <Arrow
            aria-hidden="true"
            className={cn('size-3.5', sorted === false ? 'invisible' : 'text-accent')}
          />
          {column.getSortIndex() > 0 && (
            <span aria-hidden="true" className="tabular-nums">
              {column.getSortIndex() + 1}
            </span>
          )}
        </button>
      ) : (
        <span className="inline-flex items-center gap-1.5 py-1">{words}</span>
      )}
    </th>
  );
}
