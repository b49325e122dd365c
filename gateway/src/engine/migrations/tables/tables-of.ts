import { assertNever } from '../../../platform/assert-never.ts';
import type {
  Field,
  FieldConstraint,
  ForeignKeyRelation,
  JoinTableRelation,
  Model,
  ModelType,
  OnDelete,
  ValueField,
} from '../../sdl/model.ts';
import { generatedName } from '../../sdl/names.ts';
import { formatPatterns } from '../../sdl/pattern/pattern.ts';
import type { CheckRule } from './check-rule.ts';
import { columnTypeOf } from './column-type.ts';
import type { Check, Column, ColumnDefault, ForeignKey, Key, Table } from './table.ts';

/** The tables of a model: one for each type, and one join table for each many-to-many relation. */
export function tablesOf(model: Model): readonly Table[] {
  const context = createContext(model);
  return [
    ...model.types.map((type) => typeTable(type, context)),
    ...model.relations.flatMap((relation) =>
      relation.kind === 'JOIN_TABLE' ? joinTable(relation, context) : [],
    ),
  ];
}

interface Context {
  readonly enumValues: ReadonlyMap<string, readonly string[]>;
  readonly foreignKeys: ReadonlyMap<string, ForeignKeyRelation>;
  /** The table and the id column of a type. */
  readonly idOf: (type: string) => { readonly table: string; readonly column: string };
}

function createContext(model: Model): Context {
  const ids = new Map(
    model.types.map((type) => {
      const id = type.fields.find((field) => field.name === type.idField);
      return [type.name, { table: type.table, column: id?.kind === 'VALUE' ? id.column : '' }];
    }),
  );
  return {
    enumValues: new Map(
      model.enums.map(({ name, values }) => [name, values.map((value) => value.name)]),
    ),
    foreignKeys: new Map(
      model.relations.flatMap((relation) =>
        relation.kind === 'FOREIGN_KEY' ? [[relation.name, relation]] : [],
      ),
    ),
    idOf: (type) => {
      const id = ids.get(type);
      if (id === undefined) throw new Error(`The model has no type ${type}.`);
      return id;
    },
  };
}

function typeTable(type: ModelType, context: Context): Table {
  const { table } = type;
  const owningRelations = type.fields.flatMap((field) => owningRelation(field, context));
  const keys: Key[] = [
    primaryKey(table, [context.idOf(type.name).column]),
    ...type.uniques.map(({ columns }) => key('UNIQUE', table, columns)),
    ...type.indexes.map(({ columns }) => key('INDEX', table, columns)),
  ];
  return {
    name: table,
    label: type.name,
    kind: 'TYPE',
    columns: type.fields.flatMap(columnOf),
    keys: withForeignKeyIndexes(keys, table, owningRelations),
    checks: type.fields.flatMap((field) => checksOf(table, field, context)),
    foreignKeys: owningRelations.map((relation) => foreignKey(table, relation, context)),
  };
}

function columnOf(field: Field): readonly Column[] {
  switch (field.kind) {
    case 'TO_MANY':
      return [];
    case 'TO_ONE': {
      const { name: origin, key, required: notNull } = field;
      if (key === null) return [];
      return [{ name: key.column, origin, type: 'uuid', list: false, notNull, default: null }];
    }
    case 'VALUE':
      return [
        {
          name: field.column,
          origin: field.name,
          type: columnTypeOf(field.type),
          list: field.list,
          notNull: field.required,
          default: defaultOf(field),
        },
      ];
    default:
      return assertNever(field);
  }
}

function defaultOf({ role, default: value }: ValueField): ColumnDefault | null {
  if (role === 'CREATED_AT' || role === 'UPDATED_AT') return { kind: 'NOW' };
  return value === null ? null : { kind: 'VALUE', value };
}

function owningRelation(field: Field, { foreignKeys }: Context): readonly ForeignKeyRelation[] {
  if (field.kind !== 'TO_ONE' || field.key === null) return [];
  const relation = foreignKeys.get(field.relation);
  return relation === undefined ? [] : [relation];
}

/** Without an index on a foreign key, each delete of a referenced row would scan this table. */
function withForeignKeyIndexes(
  keys: readonly Key[],
  table: string,
  foreignKeys: readonly ForeignKeyRelation[],
): readonly Key[] {
  const leading = new Set(keys.map(({ columns }) => columns[0]));
  const missing = foreignKeys.filter(({ column }) => !leading.has(column));
  return [...keys, ...missing.map(({ column }) => key('INDEX', table, [column]))];
}

const onDeleteActions: Readonly<Record<OnDelete, ForeignKey['onDelete']>> = {
  RESTRICT: 'RESTRICT',
  CASCADE: 'CASCADE',
  SET_NULL: 'SET NULL',
};

function foreignKey(
  table: string,
  { column, inverseSide, onDelete }: ForeignKeyRelation,
  { idOf }: Context,
): ForeignKey {
  const id = idOf(inverseSide.type);
  return {
    name: generatedName(table, column, 'fkey'),
    column,
    table: id.table,
    referencedColumn: id.column,
    onDelete: onDeleteActions[onDelete],
  };
}

function joinTable(relation: JoinTableRelation, { idOf }: Context): Table {
  const { table, sides } = relation;
  const columns = sides.map(({ column }) => column);
  return {
    name: table,
    label: relation.name,
    kind: 'JOIN',
    columns: sides.map(({ type, field, column }) => ({
      name: column,
      origin: `${type}.${field}`,
      type: 'uuid',
      list: false,
      notNull: true,
      default: null,
    })),
    keys: [primaryKey(table, columns), key('INDEX', table, columns.slice(1))],
    checks: [],
    foreignKeys: sides.map(({ type, column }) => ({
      name: generatedName(table, column, 'fkey'),
      column,
      table: idOf(type).table,
      referencedColumn: idOf(type).column,
      onDelete: 'CASCADE',
    })),
  };
}

function primaryKey(table: string, columns: readonly string[]): Key {
  return { kind: 'PRIMARY_KEY', name: generatedName(table, 'pkey'), columns };
}

function key(kind: 'UNIQUE' | 'INDEX', table: string, columns: readonly string[]): Key {
  return { kind, name: generatedName(table, ...columns, kind.toLowerCase()), columns };
}

function checksOf(table: string, field: Field, { enumValues }: Context): readonly Check[] {
  if (field.kind !== 'VALUE') return [];
  const { column, type, list, constraint } = field;
  const check = (name: string, rule: CheckRule): Check => ({
    name: generatedName(table, column, name),
    column,
    rule,
  });
  const checks: Check[] = [];
  if (list) checks.push(check('items', { kind: 'NO_NULL_ITEMS', type: columnTypeOf(type) }));
  if (type.kind === 'ENUM') {
    const values = enumValues.get(type.name) ?? [];
    checks.push(check('values', { kind: list ? 'EACH_ONE_OF' : 'ONE_OF', values }));
  }
  if (constraint !== null) {
    checks.push(...rulesOf(constraint, field).map(([name, rule]) => check(name, rule)));
  }
  return checks;
}

function rulesOf(
  { minLength, maxLength, pattern, format, min, max }: FieldConstraint,
  field: ValueField,
): readonly (readonly [name: string, rule: CheckRule])[] {
  const type = columnTypeOf(field.type);
  const rules: (readonly [string, CheckRule])[] = [];
  if (minLength !== null) rules.push(['min_length', { kind: 'MIN_LENGTH', limit: minLength }]);
  if (maxLength !== null) rules.push(['max_length', { kind: 'MAX_LENGTH', limit: maxLength }]);
  if (pattern !== null) rules.push(['pattern', { kind: 'PATTERN', pattern, format: null }]);
  if (format !== null) {
    rules.push(['format', { kind: 'PATTERN', pattern: formatPatterns[format], format }]);
  }
  if (min !== null) rules.push(['min', { kind: 'MIN', limit: min, type }]);
  if (max !== null) rules.push(['max', { kind: 'MAX', limit: max, type }]);
  return rules;
}
