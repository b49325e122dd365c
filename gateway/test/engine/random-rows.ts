import { randomUUID } from 'node:crypto';
import type { Field, Model, ModelType, ScalarName, ValueType } from '../../src/engine/sdl/model.ts';
import type { EngineProject } from './project.ts';

type Choose = (count: number) => number;

/** A small generator, so that a seed tells all (mulberry32). */
export function createChoice(seed: number): Choose {
  let state = seed;
  return (count) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  };
}

/** Some values fit other types too, and some do not; some are equal, and some are extreme. */
const values: Readonly<Record<ScalarName, readonly string[]>> = {
  // `insertRandomRows` makes them.
  ID: [],
  String: [
    '5',
    '-3',
    '1.50',
    'true',
    '2024-02-29',
    '2024-02-29T12:00:00Z',
    'abc',
    '',
    "it's \\ -",
    'a',
    'A',
  ],
  Int: ['0', '1', '7', '42', '-2147483648', '2147483647'],
  BigInt: ['0', '7', '42', '9007199254740993', '-9223372036854775808'],
  Float: ['0.5', '1', '7', '0.1', '-2.5e-300', '1e300', '9007199254740992'],
  Decimal: ['1', '7.50', '0.1', '12345678901234567890.123456789'],
  Boolean: ['true', 'false'],
  DateTime: ['2024-02-29T00:00:00Z', '2024-02-29T12:34:56.789012Z', '1999-12-31T23:00:00Z'],
  Date: ['2024-02-29', '0001-01-01', '9999-12-31'],
  JSON: ['{"a": [1, null]}', '"text"', '7', 'null'],
  UUID: ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-00000000000A'],
};

/**
 * Fills a project's tables with a few rows. Rows that a constraint refuses are left out, which says
 * nothing of the plan.
 */
export async function insertRandomRows(
  project: EngineProject,
  model: Model,
  choose: Choose,
): Promise<void> {
  const ids = new Map<string, string[]>(model.types.map(({ name }) => [name, []]));
  // Later types may require earlier ones; a second round links everything else.
  for (const type of [...model.types, ...model.types]) {
    for (let count = choose(3); count > 0; count -= 1) {
      const id = randomUUID();
      const columns = type.fields.flatMap((field) => columnValue(field, model, ids, choose));
      const row = [{ column: idColumn(type), value: id }, ...columns];
      if (await inserted(project, type.table, row)) ids.get(type.name)?.push(id);
    }
  }
  for (const relation of model.relations) {
    if (relation.kind !== 'JOIN_TABLE') continue;
    for (let count = choose(4); count > 0; count -= 1) {
      const row = relation.sides.map(({ type, column }) => ({
        column,
        value: pick(ids.get(type) ?? [], choose) ?? null,
      }));
      await inserted(project, relation.table, row);
    }
  }
}

interface Cell {
  readonly column: string;
  readonly value: string | string[] | null;
}

function columnValue(
  field: Field,
  model: Model,
  ids: ReadonlyMap<string, readonly string[]>,
  choose: Choose,
): readonly Cell[] {
  if (field.kind === 'TO_MANY') return [];
  if (field.kind === 'TO_ONE') {
    if (field.key === null) return [];
    const isNull = !field.required && choose(3) === 0;
    const id = isNull ? null : (pick(ids.get(field.target) ?? [], choose) ?? null);
    return [{ column: field.key.column, value: id }];
  }
  if (field.role === 'ID' || choose(5) === 0) return [];
  const choices = valuesOf(model, field.type);
  if (!field.required && choose(3) === 0) return [{ column: field.column, value: null }];
  const one = () => pick(choices, choose) ?? '';
  const value = field.list ? Array.from({ length: choose(3) }, one) : one();
  return [{ column: field.column, value }];
}

function idColumn({ fields, idField }: ModelType): string {
  const field = fields.find(({ name }) => name === idField);
  return field?.kind === 'VALUE' ? field.column : 'id';
}

function pick(choices: readonly string[], choose: Choose): string | undefined {
  return choices.length === 0 ? undefined : choices[choose(choices.length)];
}

async function inserted(
  project: EngineProject,
  table: string,
  row: readonly Cell[],
): Promise<boolean> {
  const columns = row.map(({ column }) => `"${column}"`).join(', ');
  const slots = row.map((_, index) => `$${index + 1}`).join(', ');
  try {
    await project.query(
      `INSERT INTO "${table}" (${columns}) VALUES (${slots})`,
      row.map(({ value }) => value),
    );
    return true;
  } catch (error) {
    const isViolation = error instanceof Error && 'code' in error && /^23/.test(String(error.code));
    if (isViolation) return false;
    throw error;
  }
}

function valuesOf({ enums }: Model, type: ValueType): readonly string[] {
  return type.kind === 'ENUM'
    ? (enums.find(({ name }) => name === type.name)?.values ?? [])
    : values[type.name];
}
