import type { ScalarName } from '../../src/engine/sdl/model.ts';
import type { Tape } from './tape.ts';

/**
 * Generates the SDL of a random model with a few types and every kind of key, field and relation. Names are simple
 * because other tests cover unusual names.
 */
export function randomSdl(tape: Tape): string {
  const drafts: TypeDraft[] = [];
  for (const name of typeNames.slice(0, 1 + tape.below(typeNames.length))) {
    drafts.push({ name, ...randomKey(tape, name, drafts), ...randomFields(tape) });
  }
  for (let number = tape.below(6); number > 0; number -= 1) {
    const [from, to] = [tape.below(drafts.length), tape.below(drafts.length)];
    addRelation(tape, drafts, { from, to, number });
  }
  return `enum Color { RED GREEN blue }\n${drafts.map((draft) => typeText(tape, draft)).join('')}`;
}

interface TypeDraft extends KeyDraft {
  readonly name: string;
  readonly lines: string[];
  /** Fields with `@unique`, which relations can reference. */
  readonly uniques: readonly string[];
}

interface KeyDraft {
  /** The fields of the key. */
  readonly keyLines: readonly string[];
  /** `@id(fields: […])`, or an empty string if a field has `@id`. */
  readonly keyDirective: string;
  /** The number of columns. */
  readonly width: number;
}

function typeText(tape: Tape, { name, lines, keyLines, keyDirective }: TypeDraft): string {
  const size = tape.oneIn(3) ? `(maxPageSize: ${2 + tape.below(4)})` : '';
  const all = [...keyLines, ...lines].map((line) => `  ${line}\n`).join('');
  const pair = pairKey(tape, keyDirective === '' ? [...keyLines, ...lines] : lines);
  return `type ${name} @model${size}${keyDirective}${pair} {\n${all}}\n`;
}

const singleKeys = [
  ...['ID! @id', 'ID! @id', 'ID! @id', 'Int! @id', 'Int! @id', 'BigInt! @id', 'String! @id'],
  ...[
    'String! @id(generate: CUID)',
    'String! @id(generate: NANOID)',
    'String! @id(generate: UUID)',
  ],
  ...['UUID! @id', 'UUID! @id(generate: NONE)', 'Date! @id', 'Decimal! @id', 'Color! @id'],
  ...['DateTime! @id', 'Float! @id', 'Time! @id', 'Bytes! @id', 'Boolean! @id'],
];

const keyParts = [
  'Int',
  'String',
  'Date',
  'Color',
  'Decimal',
  'UUID',
  'BigInt',
  'Boolean',
  'Bytes',
];

/** A key of one field, of several fields and relations to earlier types, or of one relation. */
function randomKey(tape: Tape, name: string, earlier: readonly TypeDraft[]): KeyDraft {
  const kind = tape.pick(['ONE', 'ONE', 'SEVERAL', 'RELATION'] as const);
  if (kind === 'ONE' || (kind === 'RELATION' && earlier.length === 0)) {
    return { keyLines: [`id: ${tape.pick(singleKeys)}`], keyDirective: '', width: 1 };
  }
  const relations =
    earlier.length === 0 ? 0 : kind === 'RELATION' ? 1 : tape.pick([1, 0, 2] as const);
  const parts = Array.from({ length: relations }, (_, at) => {
    const target = tape.pick(earlier);
    const isOnly = kind === 'RELATION';
    return keyRelation(tape, { name, target, field: `part${at}`, isOnly });
  });
  const values = kind === 'RELATION' ? 0 : Math.max(2 - relations, tape.below(3));
  const fields = Array.from({ length: values }, (_, at) => ({
    field: `k${at}`,
    line: `k${at}: ${tape.pick(keyParts)}!`,
    width: 1,
  }));
  const all = tape.oneIn(2) ? [...parts, ...fields] : [...fields, ...parts];
  return {
    keyLines: all.map(({ line }) => line),
    keyDirective: ` @id(fields: [${all.map(({ field }) => `"${field}"`).join(', ')}])`,
    width: all.reduce((sum, { width }) => sum + width, 0),
  };
}

interface KeyRelation {
  readonly name: string;
  readonly target: TypeDraft;
  readonly field: string;
  /** Whether it is the whole key, so that the relation is one-to-one. */
  readonly isOnly: boolean;
}

/** A relation in a key, and its other side if it has one. */
function keyRelation(tape: Tape, { name, target, field, isOnly }: KeyRelation) {
  const relation = `name: "of${name}${field}"`;
  const { text, width } = foreignKeyText(tape, target, `${field}Key`);
  const onDelete = tape.pick(['RESTRICT', 'CASCADE']);
  const back = `of${name}${field}`;
  if (isOnly && !tape.oneIn(3)) target.lines.push(`${back}: ${name} @relation(${relation})`);
  else if (!tape.oneIn(3)) target.lines.push(`${back}: [${name}!]! @relation(${relation})`);
  const line = `${field}: ${target.name}! @relation(${relation}, onDelete: ${onDelete}${text})`;
  return { field, line, width };
}

/** Sometimes references a unique field instead of the key, and sometimes names the columns. */
function foreignKeyText(tape: Tape, { uniques, width }: TypeDraft, name: string) {
  const references = uniques.length > 0 && tape.oneIn(2) ? tape.pick(uniques) : null;
  const columns = references === null ? width : 1;
  const names = Array.from({ length: columns }, (_, at) => `"${name}${at}"`);
  const named = tape.oneIn(4) ? `, key: [${names.join(', ')}]` : '';
  const referenced = references === null ? '' : `, references: ["${references}"]`;
  return { text: referenced + named, width: columns };
}

const typeNames = ['Ant', 'BusStop', 'Cat', 'Dog'];
const fieldNames = ['a', 'bC', 'order', 'd2', 'e', 'f'];

/** The types of value fields, except ID, which is only used for keys. */
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
  const unique = type !== 'JSON' && tape.oneIn(5) ? ' @unique' : '';
  const generator = generators[type];
  const given =
    unique !== '' || !tape.oneIn(3)
      ? ''
      : generator !== undefined && tape.oneIn(4)
        ? ` @default(generate: ${generator})`
        : ` @default(value: ${defaults[type]})`;
  return `${name}: ${type}${mark}${given}${unique}${digits}`;
}

function randomFields(tape: Tape): Pick<TypeDraft, 'lines' | 'uniques'> {
  const names = fieldNames.slice(0, tape.pick([1, 2, 3, 4, 5, 6, 0]));
  const lines = names.map((each) => fieldLine(tape, each));
  const uniques = names.filter((_, at) => lines[at]?.includes('@unique'));
  return { lines, uniques };
}

interface RelationSlot {
  readonly from: number;
  readonly to: number;
  readonly number: number;
}

function addRelation(
  tape: Tape,
  drafts: readonly TypeDraft[],
  { from, to, number }: RelationSlot,
): void {
  const [source, target] = [drafts[from], drafts[to]];
  if (source === undefined || target === undefined) return;
  const kind = tape.pick(['MANY_TO_ONE', 'MANY_TO_ONE', 'ONE_TO_ONE', 'MANY_TO_MANY'] as const);
  const relation = `name: "r${number}"`;
  if (kind === 'MANY_TO_MANY') {
    source.lines.push(`links${number}: [${target.name}!]! @relation(${relation})`);
    target.lines.push(`backs${number}: [${source.name}!]! @relation(${relation})`);
    return;
  }
  // Required relations point only to earlier types, so that they cannot form a cycle.
  const required = from > to && tape.oneIn(2);
  const onDelete = tape.pick(
    required ? ['RESTRICT', 'CASCADE'] : ['RESTRICT', 'CASCADE', 'SET_NULL'],
  );
  const unique = kind === 'ONE_TO_ONE' ? ' @unique' : '';
  const type = `${target.name}${required ? '!' : ''}${unique}`;
  const { text } = foreignKeyText(tape, target, `key${number}n`);
  source.lines.push(`link${number}: ${type} @relation(${relation}, onDelete: ${onDelete}${text})`);
  // A relation can have one side only.
  if (tape.oneIn(5)) return;
  target.lines.push(
    kind === 'ONE_TO_ONE'
      ? `back${number}: ${source.name} @relation(${relation})`
      : `backs${number}: [${source.name}!]! @relation(${relation})`,
  );
}

/** Sometimes adds a unique key of two fields, one of which can be a relation. */
function pairKey(tape: Tape, lines: readonly string[]): string {
  if (!tape.oneIn(4)) return '';
  const usable = lines
    .filter((line) => !/: \[|: JSON|@unique/.test(line) && !/^(?:back|of)/.test(line))
    .map((line) => line.split(':')[0] ?? '');
  const [first, second] = [usable[0], usable.at(-1)];
  if (first === undefined || first === second) return '';
  return ` @unique(fields: ["${first}", "${second ?? ''}"])`;
}
