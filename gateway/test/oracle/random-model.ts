import type { ScalarName } from '../../src/engine/sdl/model.ts';
import type { Tape } from './tape.ts';

/**
 * Generates the SDL of a random model with a few types and every kind of field and relation. Names are simple because
 * other tests cover unusual names.
 */
export function randomSdl(tape: Tape): string {
  const types = typeNames.slice(0, 1 + tape.below(typeNames.length));
  const relations = new Map(types.map((name): [string, string[]] => [name, []]));
  for (let number = tape.below(6); number > 0; number -= 1) {
    const [from, to] = [tape.below(types.length), tape.below(types.length)];
    addRelation(tape, relations, { from, to, number, types });
  }
  const bodies = types.map((name) => {
    const fields = fieldNames.slice(0, 1 + tape.below(fieldNames.length));
    const lines = [...fields.map((each) => fieldLine(tape, each)), ...(relations.get(name) ?? [])];
    const size = tape.oneIn(3) ? `(maxPageSize: ${2 + tape.below(4)})` : '';
    const all = ['id: ID! @id', ...lines];
    return `type ${name} @model${size}${pairKey(tape, lines)} {\n${all.map((line) => `  ${line}\n`).join('')}}\n`;
  });
  return `enum Color { RED GREEN blue }\n${bodies.join('')}`;
}

const typeNames = ['Ant', 'BusStop', 'Cat', 'Dog'];
const fieldNames = ['a', 'bC', 'order', 'd2', 'e', 'f'];

/** The types of value fields, except ID, which every model has. */
type FieldType = Exclude<ScalarName, 'ID'> | 'Color';

/** Defaults are only used on required fields, so that inputs can omit these fields. */
const defaults: Readonly<Record<FieldType, string>> = {
  String: '"b"',
  Int: '1',
  Float: '0.5',
  Boolean: 'true',
  BigInt: '"9007199254740993"',
  Decimal: '"1.5"',
  DateTime: '"2024-02-29T12:00:00.5+02:00"',
  Date: '"2024-02-29"',
  Time: '"18:30:00.500"',
  Bytes: '"AP8="',
  JSON: '{a: 1}',
  UUID: '"00000000-0000-4000-8000-000000000001"',
  Color: 'GREEN',
};

const generators: Readonly<Partial<Record<FieldType, string>>> = {
  String: 'CUID',
  UUID: 'UUID',
  DateTime: 'NOW',
  Time: 'NOW',
};

function fieldLine(tape: Tape, name: string): string {
  // `Object.keys` returns `string[]`, but the object has exactly these keys.
  const type = tape.pick(Object.keys(defaults) as FieldType[]);
  const list = tape.oneIn(5);
  const required = tape.oneIn(3);
  const digits = type === 'Decimal' && tape.oneIn(3) ? ' @decimal(precision: 5, scale: 1)' : '';
  const mark = required ? '!' : '';
  if (list)
    return `${name}: [${type}!]${mark}${required && tape.oneIn(2) ? ' @default(value: [])' : ''}${digits}`;
  const unique = type !== 'JSON' && tape.oneIn(6) ? ' @unique' : '';
  const generator = generators[type];
  const given =
    unique !== '' || !tape.oneIn(3)
      ? ''
      : generator !== undefined && tape.oneIn(4)
        ? ` @default(generate: ${generator})`
        : ` @default(value: ${defaults[type]})`;
  return `${name}: ${type}${mark}${given}${unique}${digits}`;
}

interface RelationSlot {
  readonly from: number;
  readonly to: number;
  readonly number: number;
  readonly types: readonly string[];
}

function addRelation(
  tape: Tape,
  lines: ReadonlyMap<string, string[]>,
  { from, to, number, types }: RelationSlot,
): void {
  const [source = '', target = ''] = [types[from], types[to]];
  const kind = tape.pick(['MANY_TO_ONE', 'MANY_TO_ONE', 'ONE_TO_ONE', 'MANY_TO_MANY'] as const);
  const relation = `name: "r${number}"`;
  if (kind === 'MANY_TO_MANY') {
    lines.get(source)?.push(`links${number}: [${target}!]! @relation(${relation})`);
    lines.get(target)?.push(`backs${number}: [${source}!]! @relation(${relation})`);
    return;
  }
  // Required relations point only to earlier types, so that they cannot form a cycle.
  const required = from > to && tape.oneIn(2);
  const onDelete = tape.pick(
    required ? ['RESTRICT', 'CASCADE'] : ['RESTRICT', 'CASCADE', 'SET_NULL'],
  );
  const unique = kind === 'ONE_TO_ONE' ? ' @unique' : '';
  lines
    .get(source)
    ?.push(
      `link${number}: ${target}${required ? '!' : ''}${unique} @relation(${relation}, onDelete: ${onDelete})`,
    );
  lines
    .get(target)
    ?.push(
      kind === 'ONE_TO_ONE'
        ? `back${number}: ${source} @relation(${relation})`
        : `backs${number}: [${source}!]! @relation(${relation})`,
    );
}

/** Sometimes adds a unique key of two fields, one of which can be a relation. */
function pairKey(tape: Tape, lines: readonly string[]): string {
  if (!tape.oneIn(4)) return '';
  const usable = lines
    .filter((line) => !/: \[|: JSON|@unique/.test(line) && !line.startsWith('back'))
    .map((line) => line.split(':')[0] ?? '');
  const [first, second] = [usable[0], usable.at(-1)];
  if (first === undefined || first === second) return '';
  return ` @unique(fields: ["${first}", "${second ?? ''}"])`;
}
