import { columnsOfType, isOwningSide, type ModelIndex } from '../api/model-index.ts';
import type { Table } from '../migrations/tables/table.ts';
import { tablesOf } from '../migrations/tables/tables-of.ts';
import type { ForeignKey, ModelType } from '../sdl/model.ts';

/** The meaning of a constraint on a project's tables, in terms of the API. */
export type ConstraintMeaning =
  | {
      readonly kind: 'UNIQUE';
      readonly type: string;
      /** The names of the fields in inputs, such as `boardId`. */
      readonly fields: readonly string[];
      /** The relation field if the key is the foreign key of a one-to-one relation and required. Null otherwise. */
      readonly requiredField: string | null;
    }
  | {
      readonly kind: 'CHECK';
      readonly type: string;
      readonly fields: readonly string[];
    }
  | {
      readonly kind: 'FOREIGN_KEY';
      readonly relation: string;
      /**
       * The side with the foreign key. The input for its field identifies the referenced row, which might not exist.
       */
      readonly owningSide: {
        readonly type: string;
        /** The name of the foreign key, or of the relation if its foreign key has several columns. */
        readonly field: string;
        /** The names of the columns of the foreign key. */
        readonly names: readonly string[];
      };
      /** The other side, whose field lists the referencing rows. Null if there is no such field. */
      readonly inverseSide: { readonly type: string; readonly field: string | null };
    };

export interface ConstraintIndex {
  /** Finds a constraint by the name that `tablesOf` assigns to it. */
  readonly constraint: (name: string) => ConstraintMeaning | null;
  /** Finds the field of a column, because a NOT NULL violation reports a column instead of a constraint. */
  readonly field: (table: string, column: string) => string | null;
}

const indexes = new WeakMap<ModelIndex, ConstraintIndex>();

/** Returns a model's index. It is created once for each model. */
export function constraintIndex(index: ModelIndex): ConstraintIndex {
  const known = indexes.get(index);
  if (known !== undefined) return known;
  const created = createIndex(index);
  indexes.set(index, created);
  return created;
}

function createIndex(index: ModelIndex): ConstraintIndex {
  const types = new Map(index.model.types.map((type) => [type.table, type]));
  const columns = new Map(index.model.types.map((type) => [type.table, inputNames(type)]));
  const constraints = new Map(
    tablesOf(index.model).flatMap((table) => {
      const type = types.get(table.name);
      return type === undefined
        ? joinTableConstraints(index, table)
        : typeConstraints(index, table, type, columns.get(table.name) ?? new Map());
    }),
  );
  return {
    constraint: (name) => constraints.get(name) ?? null,
    field: (table, column) => columns.get(table)?.get(column) ?? null,
  };
}

/** `board_id` → `boardId` */
function inputNames(type: ModelType): ReadonlyMap<string, string> {
  return new Map(columnsOfType(type).map(({ column, name }) => [column, name]));
}

type NamedMeaning = readonly [name: string, meaning: ConstraintMeaning];

function typeConstraints(
  index: ModelIndex,
  table: Table,
  { name: type, fields }: ModelType,
  names: ReadonlyMap<string, string>,
): readonly NamedMeaning[] {
  const named = (columns: readonly string[]) => columns.map((column) => names.get(column) ?? '');
  return [
    ...table.keys.map(({ name, columns }): NamedMeaning => [
      name,
      {
        kind: 'UNIQUE',
        type,
        fields: named(columns),
        requiredField: requiredOneToOne(index, fields, columns),
      },
    ]),
    ...table.checks.map(({ name, column }): NamedMeaning => [
      name,
      { kind: 'CHECK', type, fields: named([column]) },
    ]),
    ...table.foreignKeys.flatMap(({ name, columns }): readonly NamedMeaning[] => {
      const owning = fields.filter(isOwningSide).find(({ key }) => hasColumns(key, columns));
      const relation = owning === undefined ? null : index.relation(owning.relation);
      if (owning === undefined || relation?.kind !== 'FOREIGN_KEY') return [];
      const { inverseSide } = relation;
      const names = owning.key.map((each) => each.name);
      const [only = owning.name, ...more] = names;
      const owningSide = { type, field: more.length === 0 ? only : owning.name, names };
      return [[name, { kind: 'FOREIGN_KEY', relation: relation.name, owningSide, inverseSide }]];
    }),
  ];
}

function requiredOneToOne(
  index: ModelIndex,
  fields: ModelType['fields'],
  columns: readonly string[],
): string | null {
  const owning = fields.filter(isOwningSide).find(({ key }) => hasColumns(key, columns));
  if (owning?.required !== true) return null;
  const relation = index.relation(owning.relation);
  return relation.kind === 'FOREIGN_KEY' && relation.unique ? owning.name : null;
}

function hasColumns(key: ForeignKey, columns: readonly string[]): boolean {
  return key.length === columns.length && key.every(({ column }) => columns.includes(column));
}

/**
 * A join table's foreign key is violated if the list on one side refers to a row that does not exist on the other side.
 */
function joinTableConstraints(index: ModelIndex, table: Table): readonly NamedMeaning[] {
  const relation = index.relation(table.label);
  if (relation.kind !== 'JOIN_TABLE') return [];
  const [a, b] = relation.sides;
  return table.foreignKeys.map(({ name, columns }): NamedMeaning => {
    const isOfA = a.columns.some(({ column }) => columns.includes(column));
    const [inverseSide, { type, field }] = isOfA ? [a, b] : [b, a];
    const owningSide = { type, field, names: [] };
    return [name, { kind: 'FOREIGN_KEY', relation: relation.name, owningSide, inverseSide }];
  });
}
