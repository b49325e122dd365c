import type { DiagnosticBag } from './diagnostic-bag.ts';
import { precisionOf } from './field-decimal.ts';
import type { ForeignKey, ForeignKeyColumn, ValueType } from './model.ts';
import { databaseName, pascalCase, snakeCase } from './names.ts';
import type { FieldDraft, FieldType, TypeDraft } from './outline.ts';
import { isScalarName } from './scalars.ts';

/** A column of a type: the column of a value field, or one of the columns of a relation's foreign key. */
export interface ColumnDraft {
  /** The name in the API: `title`, `boardId`. */
  readonly name: string;
  readonly field: string;
  readonly type: ValueType;
  /** The name of the column, unless another column of the type has it. */
  readonly preferred: string;
}

/** The columns of all types. They depend on each other, because a foreign key has the columns of the key that it references. */
export interface Columns {
  /** The column with this name in the API. */
  readonly named: (type: string, name: string) => string;
  /** The columns of a field. Empty for a list of rows, and if the type of the field or its key is invalid. */
  readonly ofField: (type: string, field: string) => readonly ColumnDraft[];
  readonly ofKey: (type: string) => readonly ColumnDraft[];
  /** The foreign key of a relation, in case its side has one. Null if the key that it references is invalid. */
  readonly foreignKey: (type: string, field: string) => ForeignKey | null;
}

export function createColumns(types: readonly TypeDraft[]): Columns {
  const byName = new Map(types.map((type) => [type.name, type]));
  const keys = new Map<string, readonly ColumnDraft[]>();
  const columnNames = new Map<string, ReadonlyMap<string, string>>();
  const pending = new Set<FieldDraft>();

  const fieldOf = (type: string, name: string): FieldDraft | undefined =>
    byName.get(type)?.fields.find((field) => field.name === name);

  const ofField = (type: string, name: string): readonly ColumnDraft[] => {
    const draft = fieldOf(type, name);
    if (draft?.type == null) return [];
    if (draft.type.kind === 'MODEL') {
      // A foreign key that contains itself is reported as a bad reference.
      if (draft.type.list || pending.has(draft)) return [];
      pending.add(draft);
      const columns = ofRelation(draft, draft.type);
      pending.delete(draft);
      return columns;
    }
    const preferred = databaseName(name);
    return [{ name, field: name, type: valueTypeOf(draft, draft.type), preferred }];
  };

  const ofKey = (type: string): readonly ColumnDraft[] => {
    const known = keys.get(type);
    if (known !== undefined) return known;
    // A key that contains itself is reported as a cycle of required relations.
    keys.set(type, []);
    const draft = byName.get(type);
    const columns = draft === undefined ? [] : keyFieldsOf(draft).flatMap((f) => ofField(type, f));
    keys.set(type, columns);
    return columns;
  };

  const referenced = (draft: FieldDraft, target: string): readonly ColumnDraft[] => {
    const references = draft.directives.first('relation')?.value('references') ?? null;
    return references === null
      ? ofKey(target)
      : references.flatMap((name) => ofField(target, name));
  };

  const ofRelation = (draft: FieldDraft, { name: target }: FieldType): readonly ColumnDraft[] => {
    const given = draft.directives.first('relation')?.value('key') ?? null;
    const columns = referenced(draft, target);
    return columns.map(({ name, type }, index) => {
      const own = given?.length === columns.length ? given[index] : undefined;
      const suffix = columns.length === 1 ? 'id' : name;
      return {
        name: own ?? `${draft.name}${pascalCase(suffix)}`,
        field: draft.name,
        type,
        preferred: databaseName(own ?? `${snakeCase(draft.name)}_${snakeCase(suffix)}`),
      };
    });
  };

  const namesIn = (type: string): ReadonlyMap<string, string> => {
    const known = columnNames.get(type);
    if (known !== undefined) return known;
    const fields = byName.get(type)?.fields ?? [];
    const isRelation = ({ type: of }: FieldDraft) => of?.kind === 'MODEL';
    // A foreign key never changes the name of a value field's column.
    const drafts = [...fields.filter((f) => !isRelation(f)), ...fields.filter(isRelation)];
    const names = distinctColumns(drafts.flatMap(({ name }) => ofField(type, name)));
    columnNames.set(type, names);
    return names;
  };

  const named = (type: string, name: string): string =>
    namesIn(type).get(name) ?? databaseName(name);

  return {
    named,
    ofField,
    ofKey,
    foreignKey: (type, field) => {
      const draft = fieldOf(type, field);
      if (draft?.type == null) return null;
      const { name: target } = draft.type;
      const references = referenced(draft, target);
      const [first, ...more] = ofField(type, field).map((own, index): ForeignKeyColumn => ({
        name: own.name,
        column: named(type, own.name),
        type: own.type,
        references: named(target, references[index]?.name ?? ''),
      }));
      return first === undefined ? null : [first, ...more];
    },
  };
}

/** The fields of the primary key: of `@id(fields:)` on the type, or the field with `@id`. */
export function keyFieldsOf({ directives, fields }: TypeDraft): readonly string[] {
  const ofType = directives.first('id')?.value('fields') ?? null;
  if (ofType !== null) return ofType;
  const marked = fields.find((field) => field.directives.has('id'));
  return marked === undefined ? [] : [marked.name];
}

export function valueTypeOf(draft: FieldDraft, { kind, name }: FieldType): ValueType {
  if (kind !== 'SCALAR' || !isScalarName(name)) return { kind: 'ENUM', name };
  const decimal = precisionOf(draft, { kind, name });
  return { kind, name, ...(decimal !== null && { decimal }) };
}

/**
 * Gives each column its preferred name, or its name in the API if another column has that: `created_at` and `createdAt`
 * become the columns `created_at` and `createdAt`.
 */
function distinctColumns(columns: readonly ColumnDraft[]): ReadonlyMap<string, string> {
  const taken = new Set(columns.flatMap(({ name, preferred }) => (name === preferred ? name : [])));
  return new Map(
    columns.map(({ name, preferred }) => {
      if (name === preferred) return [name, name];
      const column = taken.has(preferred) ? name : preferred;
      taken.add(column);
      return [name, column];
    }),
  );
}

/** Reports `@relation(references:)` and `@relation(key:)` that do not fit the other type. */
export function refuseBadReferences(
  types: readonly TypeDraft[],
  columns: Columns,
  bag: DiagnosticBag,
): void {
  const byName = new Map(types.map((type) => [type.name, type]));
  for (const type of types) {
    for (const field of type.fields) {
      const target = field.type?.kind === 'MODEL' ? byName.get(field.type.name) : undefined;
      const use = field.directives.first('relation');
      if (target === undefined || use === undefined) continue;
      const references = use.value('references');
      const problem =
        references === null
          ? null
          : !isUnique(target, references)
            ? 'NOT_UNIQUE'
            : containsItself(field, byName)
              ? 'ITSELF'
              : null;
      if (references !== null && problem !== null) {
        const at = use.at('references');
        const path = `${type.name}.${field.name}`;
        bag.report(at, 'BAD_REFERENCE', path, target.name, references, problem);
        continue;
      }
      const names = use.value('key');
      const expected = columns.ofField(type.name, field.name).length;
      if (names === null || expected === 0) continue;
      if (names.length !== expected) {
        bag.report(use.at('key'), 'BAD_KEY_NAMES', `${type.name}.${field.name}`, expected);
      }
    }
  }
}

/** Whether the fields that a relation references contain the foreign key of the relation. */
function containsItself(field: FieldDraft, types: ReadonlyMap<string, TypeDraft>): boolean {
  const seen = new Set<FieldDraft>();
  const reaches = (from: FieldDraft): boolean => {
    const target = from.type?.kind === 'MODEL' ? types.get(from.type.name) : undefined;
    if (target === undefined) return false;
    const names = from.directives.first('relation')?.value('references') ?? keyFieldsOf(target);
    return target.fields
      .filter(({ name }) => names.includes(name))
      .some((next) => {
        if (next === field) return true;
        if (seen.has(next)) return false;
        seen.add(next);
        return reaches(next);
      });
  };
  return reaches(field);
}

/** Whether the fields are the key of the type, or one of its unique keys. */
function isUnique(type: TypeDraft, fields: readonly string[]): boolean {
  const isSame = (other: readonly string[]) =>
    other.length === fields.length && fields.every((name) => other.includes(name));
  const [only] = fields;
  const unique = type.fields.find(({ name }) => name === only)?.directives.has('unique') === true;
  return (
    isSame(keyFieldsOf(type)) ||
    (unique && fields.length === 1) ||
    type.directives.every('unique').some((use) => isSame(use.value('fields') ?? []))
  );
}
