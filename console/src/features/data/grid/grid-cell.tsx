import { Link, useNavigate } from '@tanstack/react-router';
import type { Row as TableRow } from '@tanstack/react-table';
import { ArrowUpRight, Ellipsis } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import type { ModelField } from '#console/domain/models/project-models.ts';
import { Checkbox } from '#console/ui/checkbox.tsx';
import { cn } from '#console/ui/cn.ts';
import { CodeBlock } from '#console/ui/code-block.tsx';
import { Popover } from '#console/ui/popover.tsx';

import type { DataSearch } from '../data-search.ts';
import type { DataSource } from '../data.queries.ts';
import {
  isNumeric,
  linkClass,
  linkToList,
  linkToReference,
  linkToRow,
  ListLink,
  longTextClass,
  longTextOf,
  NullMark,
  ValueText,
  type LongText,
  type RowsLink,
} from '../field-value.tsx';
import { fullId, labelOf, shortId } from '#console/domain/models/row-labels.ts';
import { idOfRow, referenceOf, type Row } from '#console/domain/models/rows.ts';
import type { GridFeatures } from './columns.ts';
import type { CellPropsOf, Place } from './use-grid-keys.ts';

interface SelectCellProps {
  readonly row: TableRow<GridFeatures, Row>;
  readonly cellProps: CellPropsOf;
}

/** The first cell of a row, with the checkbox that selects the row. */
export function SelectCell({ row, cellProps }: SelectCellProps) {
  const toggle = () => row.toggleSelected();
  return (
    <td
      role="gridcell"
      {...cellProps({ row: row.index, column: 0 }, { onEnter: toggle, onSpace: toggle })}
      className="px-3 -outline-offset-2"
    >
      <Checkbox
        label={`Select row ${shortId(row.id)}`}
        isLabelHidden
        tabIndex={-1}
        checked={row.getIsSelected()}
        onCheckedChange={(checked) => row.toggleSelected(checked)}
      />
    </td>
  );
}

interface FieldCellProps {
  readonly source: DataSource;
  readonly field: ModelField;
  readonly row: Row;
  /** The current search parameters. */
  readonly search: DataSearch;
  readonly place: Place;
  readonly cellProps: CellPropsOf;
  /** Undefined if the value cannot be edited. Enter then follows the link or shows the whole value. */
  readonly onEdit: (() => void) | undefined;
  /** Shown instead of the value while the value is being edited. */
  readonly editor: ReactNode;
}

/**
 * A cell that shows a field's value. Its links and buttons are not tab stops, because the cell has keyboard shortcuts
 * for them.
 */
export function FieldCell(props: FieldCellProps) {
  const { source, field, row, search, place, cellProps, onEdit, editor } = props;
  const navigate = useNavigate();
  const [isPeeking, setIsPeeking] = useState(false);
  const link = linkOf(source, field, row, search);
  const onFollow = link === null ? undefined : () => void navigate(link);
  const onSpace = isClipped(field, row) ? () => setIsPeeking(true) : undefined;
  const onEnter = onEdit ?? onFollow ?? onSpace;
  return (
    <td
      role="gridcell"
      aria-readonly={onEdit === undefined || undefined}
      {...cellProps(place, { onEnter, onSpace, onFollow })}
      onDoubleClick={onEnter}
      className={cn(
        'h-10 px-3 whitespace-nowrap -outline-offset-2',
        isNumeric(field) && 'text-right',
        editor !== null && 'bg-surface',
      )}
    >
      {editor ?? (
        // A table cell ignores its maximum width, so that the element inside must clip the value.
        <div className="max-w-80 truncate">
          <CellValue
            {...{ source, field, row, search, isPeeking }}
            onPeekingChange={setIsPeeking}
          />
        </div>
      )}
    </td>
  );
}

/** The link that Ctrl+Enter follows; null if the value is not a link. */
function linkOf(
  source: DataSource,
  field: ModelField,
  row: Row,
  search: DataSearch,
): RowsLink | null {
  switch (field.kind) {
    case 'VALUE':
      return field.isId ? linkToRow(source, row, search) : null;
    case 'KEY':
      return linkToRow(source, row, search);
    case 'TO_ONE': {
      const reference = referenceOf(row[field.name]);
      return reference === null ? null : linkToReference(source.ref, field, reference);
    }
    case 'TO_MANY':
      return linkToList(source, row, field);
  }
}

interface CellValueProps extends Pick<FieldCellProps, 'source' | 'field' | 'row' | 'search'> {
  readonly isPeeking: boolean;
  readonly onPeekingChange: (isPeeking: boolean) => void;
}

function CellValue({ source, field, row, search, isPeeking, onPeekingChange }: CellValueProps) {
  switch (field.kind) {
    case 'VALUE':
      if (field.isId) return <KeyLink {...{ source, row, search }} />;
      return (
        <ValueText
          field={field}
          value={row[field.name] ?? null}
          renderLong={(text) => (
            <ClippedText
              text={text}
              name={field.name}
              isOpen={isPeeking}
              onOpenChange={onPeekingChange}
            />
          )}
        />
      );
    case 'KEY':
      return <KeyLink {...{ source, row, search }} />;
    case 'TO_ONE': {
      const reference = referenceOf(row[field.name]);
      if (reference === null) return <NullMark />;
      const label = labelOf(reference);
      return (
        // The label is outside the link, so that double-clicking it edits the value.
        <span className="flex items-center gap-1.5">
          <span className="min-w-0 truncate" title={label}>
            {label}
          </span>
          <Link
            {...linkToReference(source.ref, field, reference)}
            title={`${field.target} ${fullId(reference.id)}`}
            tabIndex={-1}
            aria-label={`Open ${field.target} ${label}`}
            className="shrink-0 rounded-sm p-0.5 text-accent hover:bg-accent-soft touch:p-2"
          >
            <ArrowUpRight aria-hidden="true" className="size-3.5" />
          </Link>
        </span>
      );
    }
    case 'TO_MANY':
      return <ListLink source={source} field={field} row={row} tabIndex={-1} />;
  }
}

/** The key of a row, as a link that opens the row in the side panel. */
function KeyLink({ source, row, search }: Pick<FieldCellProps, 'source' | 'row' | 'search'>) {
  const id = idOfRow(row);
  return (
    <Link
      {...linkToRow(source, row, search)}
      title={fullId(id)}
      tabIndex={-1}
      className={`${linkClass} font-mono text-xs`}
    >
      {shortId(id)}
    </Link>
  );
}

/** A text with more characters might not fit in a cell. */
const fittingLength = 40;
/** A cell shows fewer characters. The rest of a very long text would only slow down the page. */
const clipLength = 120;

/** Characters outside ASCII count twice, because many of them are wide. */
const isLong = (text: string): boolean =>
  text.includes('\n') || text.replace(/[^ -~]/g, '..').length > fittingLength;

function isClipped(field: ModelField, row: Row): boolean {
  const text = field.kind === 'VALUE' ? longTextOf(field, row[field.name] ?? null) : null;
  return text !== null && isLong(text.inline);
}

interface ClippedTextProps {
  readonly text: LongText;
  /** The name of the field. */
  readonly name: string;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** The beginning of a long value, with a button that shows the whole value. */
function ClippedText({ text, name, isOpen, onOpenChange }: ClippedTextProps) {
  const { inline, whole, isCode } = text;
  const className = longTextClass(text);
  if (!isLong(inline)) {
    return (
      <span className={className} title={inline}>
        {inline}
      </span>
    );
  }
  return (
    <span className="flex items-center gap-1">
      <span className={cn('min-w-0 truncate', className)}>
        {inline.slice(0, clipLength).replaceAll('\n', '⏎')}
      </span>
      <Popover
        label={name}
        className="max-w-[min(36rem,var(--available-width))]"
        open={isOpen}
        onOpenChange={onOpenChange}
        trigger={
          <button
            type="button"
            tabIndex={-1}
            aria-label={`Show the full value of ${name}`}
            className="shrink-0 cursor-pointer rounded-sm border border-line bg-surface px-0.5 text-quiet hover:text-ink"
          >
            <Ellipsis aria-hidden="true" className="size-3.5" />
          </button>
        }
      >
        {isCode ? (
          <CodeBlock code={whole} />
        ) : (
          <p className="max-h-96 overflow-y-auto whitespace-pre-wrap wrap-anywhere">{whole}</p>
        )}
      </Popover>
    </span>
  );
}
