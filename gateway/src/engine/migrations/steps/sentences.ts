import type { StepKind } from '../migration-plan.ts';
import { describeRule } from '../tables/check-rule.ts';
import { scalarOfColumn } from '../tables/column-type.ts';
import type { Check, Column, ForeignKey, Key, Table } from '../tables/table.ts';

type Labeled = Pick<Table, 'kind' | 'label'>;

/**
 * The sentence of each kind of step, which people read in the console and on the command line. `target` is the
 * step's target: `Issue.title`, `Issue(board, number)`.
 */
export const sentences = {
  CREATE_TABLE: ({ kind, label }: Labeled) =>
    kind === 'JOIN' ? `Create a table for the pairs of ${label}.` : `Create a table for ${label}.`,
  DROP_TABLE: ({ kind, label }: Labeled) =>
    kind === 'JOIN' ? `Drop all pairs of ${label}.` : `Drop ${label} with all of its rows.`,
  RENAME_TABLE: renameSentence,

  ADD_COLUMN: (target: string, column: Column) => {
    const what = `Add ${target}, ${column.notNull ? 'required' : 'optional'} ${typeInWords(column)}`;
    return column.notNull && column.default === null
      ? `${what} without a default, for which there must be no rows yet.`
      : `${what}.`;
  },
  DROP_COLUMN: (target: string) => `Drop ${target} with all of its values.`,
  RENAME_COLUMN: renameSentence,
  /** `caution`: what can happen to values; null where each stays as it is. */
  CHANGE_TYPE: (target: string, before: Column, after: Column, caution: string | null) =>
    `Change ${target} from ${typeInWords(before)} to ${typeInWords(after)}${caution === null ? '' : `: ${caution}`}.`,
  CHANGE_DEFAULT: (target: string, column: Column) =>
    column.default === null
      ? `Remove the default of ${target}.`
      : `Change the default of ${target} for new rows.`,
  /** `isFull`: an earlier step leaves no nulls. */
  SET_REQUIRED: (target: string, isFull: boolean) =>
    isFull
      ? `Require ${target}, which has no nulls by then.`
      : `Require ${target}, for which there must be no nulls.`,
  SET_OPTIONAL: (target: string) => `Let ${target} be null.`,

  ADD_KEY: (target: string, { kind }: Key) =>
    kind === 'UNIQUE'
      ? `Add the unique key ${target}, for which no two rows may be equal.`
      : `Add the ${keyKinds[kind]} ${target}.`,
  DROP_KEY: (target: string, { kind }: Key) => `Drop the ${keyKinds[kind]} ${target}.`,

  /** What a rule demands is described in `tables/check-rule.ts`. */
  ADD_CHECK: (target: string, { rule }: Check) => `Demand that ${target} ${describeRule(rule)}.`,
  DROP_CHECK: (target: string, { rule }: Check) =>
    `No longer demand that ${target} ${describeRule(rule)}.`,

  // Foreign keys.
  ADD_FOREIGN_KEY: (target: string, { onDelete }: ForeignKey) =>
    `Let ${target} point only to rows that exist; on delete: ${onDelete.toLowerCase()}.`,
  DROP_FOREIGN_KEY: (target: string) => `No longer hold ${target} to rows that exist.`,

  RENAME_CONSTRAINTS: (count: number) =>
    `Give ${count} keys and checks the names that go with their tables and columns.`,
} as const satisfies Record<StepKind, (...facts: never[]) => string>;

const keyKinds: Readonly<Record<Key['kind'], string>> = {
  PRIMARY_KEY: 'primary key',
  UNIQUE: 'unique key',
  INDEX: 'index',
};

/** One of the two is missing in a swap, which goes by way of a temporary name. */
function renameSentence(from: string | undefined, to: string | undefined): string {
  if (to === undefined) return `Set ${from ?? 'it'} aside, so that its name is free.`;
  if (from === undefined) return `Give ${to} its name.`;
  return `Rename ${from} to ${to}; all data stays.`;
}

/** As in the SDL: `String`, `[Int!]`. */
function typeInWords({ type, list }: Column): string {
  const scalar = scalarOfColumn(type);
  return list ? `[${scalar}!]` : scalar;
}
