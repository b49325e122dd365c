import { assertNever } from '../../platform/assert-never.ts';
import { keyFieldsOf } from './columns.ts';
import type { DiagnosticBag } from './diagnostic-bag.ts';
import type { DirectiveUse } from './directives.ts';
import { limits } from './limits.ts';
import type { Field, IndexKey, UniqueKey } from './model.ts';
import type { TypeDraft } from './outline.ts';
import { scalars } from './scalars.ts';

export interface Keys {
  readonly key: UniqueKey;
  readonly uniques: readonly UniqueKey[];
  readonly indexes: readonly IndexKey[];
}

/** Reads the keys and indexes of a type: `@id`, `@unique` on the type and its fields, and `@index`. */
export function readKeys(type: TypeDraft, fields: readonly Field[], bag: DiagnosticBag): Keys {
  const byName = new Map(fields.map((field) => [field.name, field]));
  const uses = [...type.directives.every('unique'), ...type.directives.every('index')];
  const beyond = uses[limits.keysPerType];
  if (beyond !== undefined)
    bag.report(beyond.node, 'TOO_MANY', `keys in ${type.name}`, limits.keysPerType);

  const context = { type, fields: byName, bag };
  const primary = readPrimaryKey(context);
  const uniques = [
    ...type.fields.flatMap((draft) => {
      const field = byName.get(draft.name);
      const use = draft.directives.first('unique');
      if (use === undefined || field === undefined || isKeyless(field)) return [];
      return keyOf(use, [field.name], context);
    }),
    ...type.directives
      .every('unique')
      .flatMap((use) => keyOf(use, use.value('fields') ?? [], context)),
  ];
  const indexes = type.directives
    .every('index')
    .flatMap((use) => keyOf(use, use.value('fields') ?? [], context));
  refuseRepetition([...primary, ...uniques], (key) => [...key.fields].sort().join(' '), bag);
  refuseRepetition(indexes, (key) => key.fields.join(' '), bag);
  const named = [...primary, ...uniques].map((key) => ({ ...key, name: uniqueName(key, byName) }));
  refuseNameCollisions(named, fields, bag);
  const all = named.map(({ name, fields: of, columns }) => ({ name, fields: of, columns }));
  const [key] = all;
  return {
    // Without a valid primary key, the reading has a diagnostic, and its model is not used.
    key: primary.length > 0 && key !== undefined ? key : { name: '', fields: [], columns: [] },
    uniques: all.slice(primary.length),
    indexes: indexes.map(({ fields: of, columns }) => ({ fields: of, columns })),
  };
}

/** Reads `@id` on a field, or `@id(fields:)` on the type. Returns an empty list if the key is missing or invalid. */
function readPrimaryKey(context: KeyContext): readonly KeyDraft[] {
  const { type, fields, bag } = context;
  const ofType = type.directives.first('id');
  const marked = type.fields.filter((field) => field.directives.has('id'));
  const onRelation = marked.find(({ type: of }) => of?.kind === 'MODEL');
  if (onRelation !== undefined) {
    const names = marked.map(({ name }) => name);
    bag.report(onRelation.node.name, 'ID_ON_RELATION', type.name, names);
    return [];
  }
  const second = ofType === undefined ? marked[1] : marked[0];
  if (second !== undefined)
    bag.report(
      second.node.name,
      'DUPLICATE_ID',
      type.name,
      marked.map(({ name }) => name),
    );
  if (ofType === undefined && marked.length === 0) {
    if (type.fields.length > 0) bag.report(type.node.name, 'MISSING_ID', type.name);
    return [];
  }
  const node = ofType?.node ?? marked[0]?.directives.first('id')?.node;
  if (node === undefined) return [];
  const names = keyFieldsOf(type);
  // `key-field.ts` reports a list with `@id`.
  if (ofType === undefined && marked[0]?.type?.list === true) return [];
  for (const name of names) {
    const field = fields.get(name);
    if (ofType === undefined || field === undefined || field.kind === 'TO_MANY' || field.required)
      continue;
    bag.report(
      node,
      'BAD_KEY_FIELD',
      `${type.name}.${name}`,
      'it is optional. Write `!` after its type',
    );
  }
  return keyOf({ node }, names, context);
}

interface KeyDraft extends IndexKey {
  readonly use: Pick<DirectiveUse, 'node'>;
}

interface KeyContext {
  readonly type: TypeDraft;
  readonly fields: ReadonlyMap<string, Field>;
  readonly bag: DiagnosticBag;
}

/** Returns a list that contains only the key, or an empty list if the key is invalid or has no fields. */
function keyOf(
  use: Pick<DirectiveUse, 'node'>,
  names: readonly string[],
  { type, fields, bag }: KeyContext,
): readonly KeyDraft[] {
  if (names.length === 0) return [];
  if (new Set(names).size < names.length) {
    bag.report(use.node, 'BAD_KEY', 'A field is listed more than once in this key.');
    return [];
  }
  const most = limits.fieldsPerKey;
  if (names.length > most) {
    bag.report(use.node, 'TOO_MANY', 'fields in a key', most);
    return [];
  }
  const columns = names.map((name): readonly string[] | null => {
    const field = fields.get(name);
    if (field === undefined) {
      const known = type.fields.some((draft) => draft.name === name);
      if (!known) bag.report(use.node, 'UNKNOWN_KEY_FIELD', type.name, name);
      return null;
    }
    const found = keyColumns(field);
    if (!('why' in found)) return found;
    bag.report(use.node, 'BAD_KEY_FIELD', `${type.name}.${name}`, found.why);
    return null;
  });
  const whole = columns.filter((each) => each !== null);
  return whole.length === names.length ? [{ use, fields: names, columns: whole.flat() }] : [];
}

/** Whether the field is a relation side without a foreign key. `relations.ts` reports `@unique` on such a field. */
function isKeyless(field: Field): boolean {
  return field.kind === 'TO_MANY' || (field.kind === 'TO_ONE' && field.key === null);
}

function keyColumns(field: Field): readonly string[] | { readonly why: string } {
  switch (field.kind) {
    case 'TO_MANY':
      return { why: 'it is the list side of a relation' };
    case 'TO_ONE':
      return (
        field.key?.map(({ column }) => column) ?? {
          why: 'the foreign key is on the other side of the relation',
        }
      );
    case 'VALUE': {
      if (field.list) return { why: 'it is a list' };
      const { type } = field;
      if (type.kind === 'SCALAR' && !scalars[type.name].indexable) {
        return { why: `values of type ${type.name} cannot be indexed` };
      }
      return [field.column];
    }
    default:
      return assertNever(field);
  }
}

function uniqueName(key: KeyDraft, fields: ReadonlyMap<string, Field>): string {
  const [only, ...more] = key.fields;
  const field = fields.get(only ?? '');
  if (more.length === 0 && field?.kind === 'TO_ONE' && field.key?.length === 1) {
    return field.key[0].name;
  }
  return key.fields.join('_');
}

function refuseRepetition(
  keys: readonly KeyDraft[],
  identity: (key: KeyDraft) => string,
  bag: DiagnosticBag,
): void {
  const seen = new Set<string>();
  for (const key of keys) {
    if (seen.has(identity(key))) {
      bag.report(
        key.use.node,
        'BAD_KEY',
        `The key (${key.fields.join(', ')}) is defined more than once.`,
      );
    }
    seen.add(identity(key));
  }
}

/**
 * Reports keys whose name in `where` is also the name of a field or another key: `@unique(fields: ["a", "b"])` creates
 * the key `a_b`.
 */
function refuseNameCollisions(
  uniques: readonly (KeyDraft & { readonly name: string })[],
  fields: readonly Field[],
  bag: DiagnosticBag,
): void {
  const taken = new Map(fields.map((field) => [field.name, `the field ${field.name}`]));
  for (const key of uniques.filter(({ fields: of }) => of.length > 1)) {
    const what = `the key (${key.fields.join(', ')})`;
    const other = taken.get(key.name);
    if (other !== undefined && other !== what) {
      bag.report(key.use.node, 'NAME_COLLISION', key.name, what, other);
    }
    taken.set(key.name, what);
  }
}
