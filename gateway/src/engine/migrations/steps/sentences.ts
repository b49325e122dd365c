import { assertNever } from '../../../platform/assert-never.ts';
import { countOf } from '../../../platform/count-of.ts';
import { jsonText } from '../../../graphql/exact-number.ts';
import type { ValueRename } from '../match-values.ts';
import type { StepKind } from '../migration-plan.ts';
import { describeRule } from '../tables/check-rule.ts';
import { scalarOfColumn } from '../tables/column-type.ts';
import type {
  Check,
  Column,
  ColumnDefault,
  Fill,
  ForeignKey,
  Key,
  Table,
} from '../tables/table.ts';
import type { Rename } from './rename-order.ts';

type Labeled = Pick<Table, 'kind' | 'label'>;

/**
 * The functions that write the summaries of steps. The console and the command line show these summaries. `target`
 * identifies the changed object: `Issue.title`, `Issue(board, number)`.
 */
export const sentences = {
  CREATE_TABLE: ({ kind, label }: Labeled) =>
    kind === 'JOIN' ? `Create a join table for ${label}.` : `Create a table for ${label}.`,
  DROP_TABLE: ({ kind, label }: Labeled) =>
    kind === 'JOIN'
      ? `Drop the join table for ${label} and all of its rows.`
      : `Drop ${label} and all of its rows.`,
  RENAME_TABLE: (from: Labeled | undefined, to: Labeled | undefined) =>
    from?.kind === 'JOIN' && to?.kind === 'TYPE'
      ? `Make the join table for ${from.label} the table for ${to.label}. All pairs are kept.`
      : renameSentence('table', from?.label, to?.label),

  ADD_COLUMN: (target: string, column: Column) => {
    const what = `Add ${target} (${column.notNull ? 'required' : 'optional'} ${typeInWords(column)}`;
    const [fill] = column.fills;
    const start =
      column.default === null ? `${what})` : `${what}, default ${defaultInWords(column.default)})`;
    if (fill === undefined) {
      if (column.sequence !== null) return `${what}). Existing rows are numbered.`;
      return column.notNull ? `${what} without a default). The table must be empty.` : `${what}).`;
    }
    switch (fill.kind) {
      case 'VALUE':
      case 'NOW':
        return `${start}. Existing rows get ${fill === column.default ? 'the default' : defaultInWords(fill)}.`;
      case 'GENERATE':
        return `${start}. Each existing row gets a new ${generatedInWords[fill.generate]}.`;
      case 'COLUMN':
        return `${start}.`;
      default:
        return assertNever(fill);
    }
  },
  /** @param labelOf returns the name of another column that users see */
  FILL_COLUMN: (target: string, column: Column, labelOf: (column: string) => string) => {
    const values = column.fills.map((fill) => fillInWords(fill, labelOf)).join(' or else ');
    return `Fill ${target} with ${values} in rows without a value${column.notNull ? ', and make it required' : ''}.`;
  },
  DROP_COLUMN: (target: string) => `Drop ${target} and all of its values.`,
  RENAME_COLUMN: (from: string | undefined, to: string | undefined, names: Rename) =>
    from !== undefined && from === to
      ? `Rename the column of ${to} from ${names.from} to ${names.to}. All data is kept.`
      : renameSentence('column', from, to),
  /** @param caution what can happen to existing values; null if all values are converted without loss */
  CHANGE_TYPE: (target: string, before: Column, after: Column, caution: string | null) =>
    `Change ${target} from ${typeInWords(before)} to ${typeInWords(after)}${caution === null ? '' : `: ${caution}`}.`,
  CHANGE_DEFAULT: (target: string, column: Column) =>
    column.default === null
      ? `Drop the default for ${target}.`
      : `Change the default for ${target} in new rows.`,
  /** @param isFull whether an earlier step replaces all nulls */
  SET_REQUIRED: (target: string, isFull: boolean) =>
    isFull
      ? `Make ${target} required. An earlier step replaces all nulls.`
      : `Make ${target} required. It must not contain nulls.`,
  SET_OPTIONAL: (target: string) => `Make ${target} optional.`,

  ADD_KEY: (target: string, key: Key, table: Labeled) => {
    const what = `Add the ${keyKinds[key.kind]} ${placeOf(target, `(${key.columns.join(', ')})`, table)}.`;
    return key.kind === 'UNIQUE' ? `${what} There must be no duplicates.` : what;
  },
  DROP_KEY: (target: string, key: Key, table: Labeled) =>
    `Drop the ${keyKinds[key.kind]} ${placeOf(target, `(${key.columns.join(', ')})`, table)}.`,

  // `describeRule` in `tables/check-rule.ts` words the rules.
  ADD_CHECK: (target: string, { rule }: Check) =>
    `Add a check that ${target} ${describeRule(rule)}.`,
  DROP_CHECK: (target: string, { rule }: Check) =>
    `Drop the check that ${target} ${describeRule(rule)}.`,

  ADD_FOREIGN_KEY: (target: string, { columns, onDelete }: ForeignKey, table: Labeled) =>
    `Add the foreign key on ${placeOf(target, columns.join(', '), table)} (on delete: ${onDelete.toLowerCase()}).`,
  DROP_FOREIGN_KEY: (target: string, { columns }: ForeignKey, table: Labeled) =>
    `Drop the foreign key on ${placeOf(target, columns.join(', '), table)}.`,

  /** @param sequences the number of sequences that are also renamed */
  RENAME_VALUES: (target: string, renames: readonly ValueRename[]) =>
    `In ${target}, rename ${renames.map(({ from, to }) => `${from} to ${to}`).join(', ')}. All data is kept.`,
  RENAME_CONSTRAINTS: (count: number, sequences: number) => {
    if (sequences > 0) {
      return `Rename ${countOf(sequences, 'sequence')} and ${countOf(count, 'key or check', 'keys and checks')} to match their tables and columns.`;
    }
    return count === 1
      ? 'Rename 1 key or check to match its table and columns.'
      : `Rename ${count} keys and checks to match their tables and columns.`;
  },

  ADD_SEQUENCE: (target: string) =>
    `Number new rows in ${target}, beginning after the largest value.`,
  DROP_SEQUENCE: (target: string) => `Stop numbering new rows in ${target}.`,
} as const satisfies Record<Exclude<StepKind, 'ACCESS'>, (...facts: never[]) => string>;

const keyKinds: Readonly<Record<Key['kind'], string>> = {
  PRIMARY_KEY: 'primary key',
  UNIQUE: 'unique key',
  INDEX: 'index',
};

/**
 * Describes the columns of a key. For a join table, these are the database's column names, because its two columns have
 * no names in the SDL and can refer to the same model.
 */
function placeOf(target: string, columns: string, { kind, label }: Labeled): string {
  return kind === 'JOIN' ? `${columns} in the join table for ${label}` : target;
}

/** The number of characters after which a default is truncated, because a summary is one line. */
const maxDefaultLength = 60;

function defaultInWords(value: ColumnDefault): string {
  if (value.kind === 'NOW') return 'now()';
  if (value.kind === 'GENERATE') return `a new ${generatedInWords[value.generate]}`;
  const text = jsonText(value.value);
  return text.length > maxDefaultLength ? `${text.slice(0, maxDefaultLength)}…` : text;
}

const generatedInWords = { UUID: 'UUID', CUID: 'CUID', NANOID: 'NanoID' } as const;

function fillInWords(fill: Fill, labelOf: (column: string) => string): string {
  switch (fill.kind) {
    case 'VALUE':
    case 'NOW':
      return defaultInWords(fill);
    case 'GENERATE':
      return `new ${generatedInWords[fill.generate]}s`;
    case 'COLUMN':
      return `the value of ${labelOf(fill.column)}`;
    default:
      return assertNever(fill);
  }
}

/**
 * Describes a rename. A swap uses a temporary name: its first step has no `to`, and its last step has no `from`.
 */
function renameSentence(
  kind: 'table' | 'column',
  from: string | undefined,
  to: string | undefined,
): string {
  if (to === undefined) return `Rename ${from ?? `the ${kind}`} to a temporary name.`;
  if (from === undefined) return `Rename the ${kind} with the temporary name to ${to}.`;
  return `Rename ${from} to ${to}. All data is kept.`;
}

/** The type as it is written in the SDL: `String`, `[Int!]`. The precision of a Decimal follows: `Decimal(12, 2)`. */
function typeInWords({ type, list, decimal }: Column): string {
  const digits = decimal === undefined ? '' : `(${decimal.precision}, ${decimal.scale})`;
  const scalar = `${scalarOfColumn(type)}${digits}`;
  return list ? `[${scalar}!]` : scalar;
}
