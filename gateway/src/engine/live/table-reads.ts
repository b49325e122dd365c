import type { Parameter, Statement } from '../queries/plan.ts';
import type { KnownRead, ReadLog } from '../queries/reads.ts';
import type { ValueType } from '../sdl/model.ts';
import { render } from '../sql/sql.ts';
import type { PgValue } from '../sql/statement-runner.ts';

/**
 * A table that a statement reads. The result of the statement can change only if a row of one of its tables changes
 * that has, before or after the change, one of the values of each equality.
 */
export interface TableRead {
  readonly table: string;
  readonly equalities: readonly ReadEquality[];
}

/** A column that has the value of a parameter, or one of its values if it is a list. */
export interface ReadEquality {
  readonly column: string;
  readonly type: ValueType;
  /** The index of the parameter in `Statement.parameters`. */
  readonly parameter: number;
}

/** What was noted of the tables of a statement. Tables that were compiled but are not a part of it are left out. */
export function usedReads(
  log: ReadLog,
  { template }: Pick<Statement, 'template'>,
): readonly KnownRead[] {
  const text = template.chunks.join('');
  return log.reads().filter(({ alias }) => text.includes(` AS ${render(alias).text}`));
}

/** The tables of a statement. */
export function tableReads(log: ReadLog, statement: Statement): readonly TableRead[] {
  const found = new Map<string, TableRead>();
  for (const known of usedReads(log, statement)) {
    const read = {
      table: known.table,
      equalities: readEqualities(known, statement.parameters),
    };
    found.set(JSON.stringify(read), read);
  }
  const all = [...found.values()];
  const isWhole = ({ equalities }: TableRead) => equalities.length === 0;
  const whole = new Set(all.filter(isWhole).map(({ table }) => table));
  return all.filter((read) => isWhole(read) || !whole.has(read.table));
}

/** The equalities of a table with parameters whose values have a text that can be compared. */
export function readEqualities(
  { equalities }: KnownRead,
  parameters: readonly Parameter[],
): readonly ReadEquality[] {
  return equalities.flatMap(({ column, type: { type }, parameter }) => {
    const index = parameters.indexOf(parameter);
    return index === -1 || !isComparable(type) ? [] : [{ column, type, parameter: index }];
  });
}

/** The types whose equal values have the same text in `equalTexts` and `imageText`. */
const comparable: readonly string[] = ['ID', 'UUID', 'String', 'Int', 'BigInt', 'Boolean'];

function isComparable({ kind, name }: ValueType): boolean {
  return kind === 'ENUM' || comparable.includes(name);
}

/** The texts of the values that a column of an equality can have, for comparison with `imageText`. */
export function equalTexts(
  { type, parameter }: ReadEquality,
  values: readonly PgValue[],
): ReadonlySet<string> {
  const value = values[parameter] ?? null;
  const texts = typeof value === 'object' ? (value ?? []) : [String(value)];
  return new Set(texts.flatMap((text) => (text === null ? [] : [canonical(type, text)])));
}

/**
 * The text of a value in the image of a row, which is JSON. Null if the column is null, which equals nothing. Undefined
 * if the value is not known, so that it could equal everything.
 */
export function imageText({ type }: ReadEquality, value: unknown): string | null | undefined {
  if (value === null || value === undefined) return value;
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? canonical(type, String(value))
    : undefined;
}

function canonical({ kind, name }: ValueType, text: string): string {
  if (kind === 'ENUM') return text;
  if (name === 'ID' || name === 'UUID') return text.toLowerCase();
  const isInteger = (name === 'Int' || name === 'BigInt') && /^[-+]?\d+$/.test(text);
  return isInteger ? String(BigInt(text)) : text;
}
