import {
  isInKey,
  type ModelColumn,
  type ModelIndex,
  type OwningSideField,
} from '../../src/engine/api/model-index.ts';
import type { JsonValue, ModelType, ValueField } from '../../src/engine/sdl/model.ts';
import { foreignKeyOf } from './keys.ts';
import { isSampled, samples } from './samples.ts';
import type { Row } from './row.ts';
import type { PlainData } from './store.ts';
import type { Tape } from './tape.ts';

/** A value field of a type. */
export interface FieldOf {
  readonly type: ModelType;
  readonly field: ValueField;
}

/**
 * Generates keys for mutations, so that both sides create rows with the same keys. Later operations can refer to these
 * rows.
 */
export class KnownRows {
  readonly #rows: PlainData['rows'];
  #next = 20;
  /** The highest number that an earlier operation might have used. */
  #known = 19;

  constructor({ rows }: Pick<PlainData, 'rows'>) {
    this.#rows = rows;
  }

  next(): number {
    this.#next += 1;
    return this.#next - 1;
  }

  beginOperation(): void {
    this.#known = this.#next - 1;
  }

  /** Returns the number of an initial row or of a row that might have been created later. */
  some(tape: Tape): number {
    const made = this.#known - 19;
    return made > 0 && tape.oneIn(3) ? 20 + tape.below(made) : 1 + tape.below(7);
  }

  /** Returns an initial row of a type, or null. */
  row({ name }: ModelType, tape: Tape): Row | null {
    const rows = this.#rows[name] ?? [];
    return rows.length === 0 ? null : tape.pick(rows);
  }
}

/**
 * Returns the value of a key's field in the row with this number. A key of several fields has few values for each of
 * them, so that rows often have some of them in common.
 */
export function keyValue(
  index: ModelIndex,
  { type, field }: FieldOf,
  number: number,
  tape: Tape,
): JsonValue {
  const { name } = field.type;
  const choices = isSampled(name) ? samples[name] : [];
  const some = () => tape.pick(choices);
  if (field.role !== 'ID') return some();
  const ofTwo = String(number % 60).padStart(2, '0');
  switch (name) {
    case 'ID':
    case 'UUID':
      return idNumber(index, type, number);
    case 'Int':
      return tape.oneIn(20) ? some() : number;
    case 'BigInt':
      return tape.oneIn(20) ? some() : String(number);
    case 'String':
      return tape.oneIn(3) ? some() : `k${number}`;
    case 'Decimal':
      return tape.oneIn(2) ? some() : `${number}.50`;
    case 'Float':
      return tape.oneIn(2) ? some() : number + 0.25;
    case 'Date':
      return tape.oneIn(2) ? some() : `20${ofTwo}-01-31`;
    case 'Time':
      return tape.oneIn(2) ? some() : `00:00:${ofTwo}`;
    case 'DateTime':
      return tape.oneIn(2) ? some() : `2024-01-01T00:${ofTwo}:00+00:00`;
    case 'Bytes':
      return tape.oneIn(2) ? some() : Buffer.from(String(number)).toString('base64');
    default:
      return some();
  }
}

/** Returns the id of the row with this number: `aaaaaaaa-0000-7000-8000-000000000003`. */
function idNumber(index: ModelIndex, type: ModelType, number: number): string {
  const digit = 'abcdef'[index.model.types.indexOf(type)] ?? 'f';
  return `${digit.repeat(8)}-0000-7000-8000-${String(number).padStart(12, '0')}`;
}

/** The value field that a column contains, or references directly or through other foreign keys. */
export function originOf(index: ModelIndex, type: ModelType, column: ModelColumn): FieldOf {
  const { field, name } = column;
  if (field.kind === 'VALUE') return { type, field };
  const { target, columns } = foreignKeyOf(index, { type: type.name, field: field.name });
  const references = columns.find((each) => each.name === name)?.references ?? '';
  const other = index.column(target, references);
  if (other === null) throw new Error(`${target.name} has no column ${references}.`);
  return originOf(index, target, other);
}

/** Whether a column identifies a row: it belongs to the key of its row, or of another row. */
export function isIdentifying(type: ModelType, { field }: ModelColumn): boolean {
  return field.kind === 'TO_ONE' || isInKey(type, field);
}

/** The columns of a foreign key that reference an initial row. Null if there is none. */
export function knownReference(
  index: ModelIndex,
  type: ModelType,
  field: OwningSideField,
  known: () => Row | null,
): Row | null {
  const { columns } = foreignKeyOf(index, { type: type.name, field: field.name });
  const row = known();
  if (row === null) return null;
  return Object.fromEntries(columns.map(({ name, references }) => [name, row[references] ?? null]));
}
