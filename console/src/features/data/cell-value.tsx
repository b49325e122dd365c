import { Link } from '@tanstack/react-router';
import { ArrowUpRight, Ellipsis } from 'lucide-react';

import type { DataField, ToManyField, ValueField } from '#console/lib/model/data-model.ts';
import type { JsonValue } from '#console/lib/model/json.ts';
import { valueText } from '#console/lib/model/values.ts';
import { CodeBlock } from '#console/ui/code-block.tsx';
import { Popover } from '#console/ui/popover.tsx';

import type { Row } from './data.queries.ts';
import { dayText, labelOf, momentText, referenceOf, shortId, totalOf } from './labels.ts';

export const linkClass =
  'rounded-sm text-accent underline decoration-accent/30 underline-offset-2 hover:decoration-accent';

interface CellValueProps {
  readonly projectRef: string;
  /** The type that the row is of. */
  readonly typeName: string;
  readonly field: DataField;
  readonly row: Row;
  /** Inside the grid, one comes to what can be followed by the cell's own keys. */
  readonly isInGrid?: boolean;
}

/** A value as one reads it: null, an empty text and a text that says null look different. */
export function CellValue(props: CellValueProps) {
  const { field, row } = props;
  switch (field.kind) {
    case 'VALUE':
      return field.isId ? (
        <RowLink {...props} />
      ) : (
        <Value field={field} value={row[field.name] ?? null} isInGrid={props.isInGrid} />
      );
    case 'TO_ONE':
      return <ReferenceLink {...props} />;
    case 'TO_MANY':
      return <ListLink {...props} field={field} />;
  }
}

const NullMark = () => (
  <span className="rounded-sm border border-dashed border-line-strong/70 px-1 font-mono text-xs text-quiet">
    null
  </span>
);

const EmptyMark = () => (
  <span className="font-mono text-xs text-quiet">
    <span aria-hidden="true">&quot;&quot;</span>
    <span className="sr-only">empty text</span>
  </span>
);

interface ValueProps {
  readonly field: ValueField;
  readonly value: JsonValue;
  readonly isInGrid?: boolean | undefined;
}

function Value({ field, value, isInGrid }: ValueProps) {
  if (value === null) return <NullMark />;
  if (value === '') return <EmptyMark />;
  const text = valueText(value);
  if (field.isList || field.type.name === 'JSON') {
    return (
      <Clipped
        text={text}
        whole={JSON.stringify(value, null, 2)}
        field={field}
        isMono
        isInGrid={isInGrid}
      />
    );
  }
  switch (field.type.name) {
    case 'DateTime':
      return (
        <time dateTime={text} title={text} className="tabular-nums">
          {momentText(text)}
        </time>
      );
    case 'Date':
      return (
        <time dateTime={text} title={text} className="tabular-nums">
          {dayText(text)}
        </time>
      );
    case 'Int':
    case 'Float':
    case 'BigInt':
    case 'Decimal':
      return <span className="tabular-nums">{text}</span>;
    case 'UUID':
      return <span className="font-mono text-xs">{text}</span>;
    case 'String':
      return <Clipped text={text} whole={text} field={field} isInGrid={isInGrid} />;
    default:
      return text;
  }
}

const clipLength = 60;

interface ClippedProps {
  readonly text: string;
  readonly whole: string;
  readonly field: ValueField;
  readonly isMono?: boolean;
  readonly isInGrid?: boolean | undefined;
}

function Clipped({ text, whole, field, isMono = false, isInGrid = false }: ClippedProps) {
  const isLong = text.length > clipLength || text.includes('\n');
  const short = isLong ? `${text.slice(0, clipLength).replaceAll('\n', '⏎')}…` : text;
  const className = isMono ? 'font-mono text-xs' : '';
  if (!isLong || !isInGrid) {
    return (
      <span className={isInGrid ? className : `${className} whitespace-pre-wrap wrap-anywhere`}>
        {isInGrid ? short : whole}
      </span>
    );
  }
  return (
    <span className="inline-flex items-center gap-1">
      <span className={className}>{short}</span>
      <Popover
        label={field.name}
        className="max-w-[min(36rem,var(--available-width))]"
        trigger={
          <button
            type="button"
            tabIndex={-1}
            data-peek=""
            aria-label={`Show all of ${field.name}`}
            className="cursor-pointer rounded-sm border border-line bg-surface px-0.5 text-quiet hover:text-ink"
          >
            <Ellipsis aria-hidden="true" className="size-3.5" />
          </button>
        }
      >
        {isMono ? (
          <CodeBlock code={whole} />
        ) : (
          <p className="max-h-96 overflow-y-auto whitespace-pre-wrap wrap-anywhere">{whole}</p>
        )}
      </Popover>
    </span>
  );
}

const tabIndexOf = (isInGrid: boolean | undefined) => (isInGrid === true ? { tabIndex: -1 } : {});

/** The id opens the row itself. */
function RowLink({ projectRef, typeName, row, isInGrid }: CellValueProps) {
  return (
    <Link
      to="/projects/$ref/data/$model"
      params={{ ref: projectRef, model: typeName }}
      search={(now) => ({ ...now, row: row._rowId })}
      title={row._rowId}
      data-follow=""
      {...tabIndexOf(isInGrid)}
      className={`${linkClass} font-mono text-xs`}
    >
      {isInGrid === true ? shortId(row._rowId) : row._rowId}
    </Link>
  );
}

/** In the grid, the label is there to be edited, and an arrow beside it leads to the row. */
function ReferenceLink({ projectRef, field, row, isInGrid }: CellValueProps) {
  const reference = referenceOf(row[field.name]);
  if (reference === null || field.kind !== 'TO_ONE') return <NullMark />;
  const link = {
    to: '/projects/$ref/data/$model',
    params: { ref: projectRef, model: field.target },
    search: { row: reference.id },
    title: `${field.target} ${reference.id}`,
  } as const;
  const label = labelOf(reference);
  if (isInGrid !== true) {
    return (
      <Link {...link} className={linkClass}>
        {label}
      </Link>
    );
  }
  return (
    <span className="inline-flex items-center gap-1.5">
      {label}
      <Link
        {...link}
        data-follow=""
        tabIndex={-1}
        aria-label={`Open ${field.target} ${label}`}
        className="rounded-sm p-0.5 text-accent hover:bg-accent-soft touch:p-2"
      >
        <ArrowUpRight aria-hidden="true" className="size-3.5" />
      </Link>
    </span>
  );
}

interface ListLinkProps extends CellValueProps {
  readonly field: ToManyField;
}

function ListLink({ projectRef, typeName, field, row, isInGrid }: ListLinkProps) {
  const count = totalOf(row[field.name]);
  return (
    <Link
      to="/projects/$ref/data/$model"
      params={{ ref: projectRef, model: field.target }}
      search={{ within: { type: typeName, id: row._rowId, field: field.name } }}
      aria-label={`${count} in ${field.name}`}
      data-follow=""
      {...tabIndexOf(isInGrid)}
      className={`${linkClass} tabular-nums`}
    >
      {count}
    </Link>
  );
}
