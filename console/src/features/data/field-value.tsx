import { Link, linkOptions } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import type { JsonValue } from '#console/domain/models/json.ts';
import type {
  ModelField,
  ToManyField,
  ToOneField,
  ValueField,
} from '#console/domain/models/project-models.ts';
import { valueText } from '#console/domain/models/values.ts';

import type { DataSearch } from './data-search.ts';
import type { DataSource } from './data.queries.ts';
import { fullId, labelOf } from '#console/domain/models/row-labels.ts';
import { dayText, momentText } from './labels.ts';
import {
  idOfRow,
  referenceOf,
  totalOf,
  type Reference,
  type Row,
} from '#console/domain/models/rows.ts';

export const linkClass =
  'rounded-sm text-accent underline decoration-accent/30 underline-offset-2 hover:decoration-accent';

const linkToRows = (ref: string, model: string, search: DataSearch) =>
  linkOptions({ to: '/projects/$ref/data/$model', params: { ref, model }, search });

export type RowsLink = ReturnType<typeof linkToRows>;

/** A link that opens the row in the side panel. @param search the current search parameters, which are kept */
export const linkToRow = ({ ref, model }: DataSource, row: Row, search: DataSearch): RowsLink =>
  linkToRows(ref, model.name, { ...search, row: idOfRow(row) });

export const linkToReference = (ref: string, field: ToOneField, { id }: Reference): RowsLink =>
  linkToRows(ref, field.target, { row: id });

export const linkToList = ({ ref, model }: DataSource, row: Row, field: ToManyField): RowsLink =>
  linkToRows(ref, field.target, {
    within: { type: model.name, id: idOfRow(row), field: field.name },
  });

interface FieldValueProps {
  readonly source: DataSource;
  readonly field: ModelField;
  readonly row: Row;
  readonly search: DataSearch;
}

/** A field's complete value, for the side panel. */
export function FieldValue({ source, field, row, search }: FieldValueProps) {
  const value = row[field.name] ?? null;
  switch (field.kind) {
    case 'VALUE':
      if (!field.isId) return <ValueText field={field} value={value} renderLong={WholeText} />;
      return <WholeKey {...{ source, row, search }} />;
    case 'KEY':
      return <WholeKey {...{ source, row, search }} />;
    case 'TO_ONE': {
      const reference = referenceOf(value);
      if (reference === null) return <NullMark />;
      return (
        <Link
          {...linkToReference(source.ref, field, reference)}
          title={`${field.target} ${fullId(reference.id)}`}
          className={linkClass}
        >
          {labelOf(reference)}
        </Link>
      );
    }
    case 'TO_MANY':
      return <ListLink source={source} field={field} row={row} />;
  }
}

const WholeKey = ({ source, row, search }: Omit<FieldValueProps, 'field'>) => (
  <Link {...linkToRow(source, row, search)} className={`${linkClass} font-mono text-xs`}>
    {fullId(idOfRow(row))}
  </Link>
);

interface ListLinkProps extends Pick<FieldValueProps, 'source' | 'row'> {
  readonly field: ToManyField;
  readonly tabIndex?: -1;
}

/** The number of rows in a to-many relation, as a link to these rows. */
export function ListLink({ source, field, row, ...rest }: ListLinkProps) {
  const count = totalOf(row[field.name]);
  return (
    <Link
      {...linkToList(source, row, field)}
      {...rest}
      aria-label={`${count} in ${field.name}`}
      className={`${linkClass} tabular-nums`}
    >
      {count}
    </Link>
  );
}

/** A value that can be longer than one line: text, a list or JSON. */
export interface LongText {
  readonly inline: string;
  readonly whole: string;
  readonly isCode: boolean;
}

/** Whether values are numbers, which align right: numeric scalars, and the number of rows in a to-many relation. */
export function isNumeric(field: ModelField): boolean {
  if (field.kind !== 'VALUE') return field.kind === 'TO_MANY';
  return !field.isList && ['Int', 'Float', 'BigInt', 'Decimal'].includes(field.type.name);
}

/** Null for types whose values always fit on one line. */
export function longTextOf(field: ValueField, value: JsonValue): LongText | null {
  if (value === null || value === '') return null;
  const inline = valueText(value);
  if (field.isList || field.type.name === 'JSON') {
    return { inline, whole: JSON.stringify(value, null, 2), isCode: true };
  }
  if (field.type.name === 'Bytes') return { inline, whole: inline, isCode: true };
  return field.type.name === 'String' ? { inline, whole: inline, isCode: false } : null;
}

export const longTextClass = ({ isCode }: LongText): string => (isCode ? 'font-mono text-xs' : '');

const WholeText = (text: LongText) => (
  <span className={`${longTextClass(text)} whitespace-pre-wrap wrap-anywhere`}>{text.whole}</span>
);

interface ValueTextProps {
  readonly field: ValueField;
  readonly value: JsonValue;
  readonly renderLong: (text: LongText) => ReactNode;
}

/** A formatted value. Null, an empty string and the text "null" are displayed differently. */
export function ValueText({ field, value, renderLong }: ValueTextProps) {
  if (value === null) return <NullMark />;
  if (value === '') return <EmptyMark />;
  const long = longTextOf(field, value);
  if (long !== null) return renderLong(long);
  const text = valueText(value);
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
    case 'Time':
      return (
        <span title={text} className="tabular-nums">
          {text}
        </span>
      );
    case 'UUID':
      return <span className="font-mono text-xs">{text}</span>;
    default:
      return <span title={text}>{text}</span>;
  }
}

export const NullMark = () => (
  <span className="rounded-sm border border-dashed border-line-strong/70 px-1 font-mono text-xs text-quiet">
    null
  </span>
);

const EmptyMark = () => (
  <span className="font-mono text-xs text-quiet">
    <span aria-hidden="true">&quot;&quot;</span>
    <span className="sr-only">empty string</span>
  </span>
);
