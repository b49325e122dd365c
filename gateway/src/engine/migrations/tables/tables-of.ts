import { assertNever } from '../../../platform/assert-never.ts';
import type {
  Field,
  FieldConstraint,
  ForeignKeyRelation,
  JoinSide,
  JoinTableRelation,
  Model,
  ModelType,
  OnDelete,
  ToOneField,
  ValueField,
  ValueType,
} from '../../sdl/model.ts';
import { generatedName } from '../../sdl/names.ts';
import { formatPatterns } from '../../sdl/pattern/pattern.ts';
import type { CheckRule } from './check-rule.ts';
import { columnTypeOf } from './column-type.ts';
import type { Check, Column, ColumnDefault, Fill, ForeignKey, Key, Table } from './table.ts';

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
  readonly typeOf: (name: string) => ModelType;
}

function createContext(model: Model): Context {
  const types = new Map(model.types.map((type) => [type.name, type]));
  return {
    enumValues: new Map(
      model.enums.map(({ name, values }) => [name, values.map((value) => value.name)]),
    ),
    foreignKeys: new Map(
      model.relations.flatMap((relation) =>
        relation.kind === 'FOREIGN_KEY' ? [[relation.name, relation]] : [],
      ),
    ),
    typeOf: (name) => {
      const type = types.get(name);
      if (type === undefined) throw new Error(`The model has no type ${name}.`);
      return type;
    },
  };
}

function typeTable(type: ModelType, context: Context): Table {
  const { table } = type;
  const owningRelations = type.fields.flatMap((field) => owningRelation(field, context));
  const keys: Key[] = [
    primaryKey(table, type.key.columns),
    ...type.uniques.map(({ columns }) => key('UNIQUE', table, columns)),
    ...type.indexes.map(({ columns }) => key('INDEX', table, columns)),
  ];
  return {
    name: table,
    label: type.name,
    kind: 'TYPE',
    columns: type.fields.flatMap((field) => columnsOf(type, field)),
    keys: withForeignKeyIndexes(keys, table, owningRelations),
    checks: type.fields.flatMap((field) => checksOf(table, field, context)),
    foreignKeys: owningRelations.map((relation) => foreignKey(table, relation, context)),
  };
}

function columnsOf(type: ModelType, field: Field): readonly Column[] {
  switch (field.kind) {
    case 'TO_MANY':
      return [];
    case 'TO_ONE': {
      const { key, required: notNull } = field;
      if (key === null) return [];
      return key.map(({ name, column, type: of }, part) => ({
        name: column,
        origin: field.name,
        partLabel: key.length === 1 ? null : name,
        ...columnShape(of),
        list: false,
        notNull,
        default: null,
        sequence: null,
        fills: backfillOf(field, part, type),
      }));
    }
    case 'VALUE': {
      const preset = defaultOf(field);
      return [
        {
          name: field.column,
          origin: field.name,
          partLabel: null,
          ...columnShape(field.type),
          list: field.list,
          notNull: field.required,
          default: preset,
          sequence:
            field.generate === 'SEQUENCE' ? generatedName(type.table, field.column, 'seq') : null,
          fills: fillsOf(backfillOf(field, 0, type), presetFills(field, preset)),
        },
      ];
    }
    default:
      return assertNever(field);
  }
}

function columnShape(type: ValueType): Pick<Column, 'type' | 'decimal' | 'enumName'> {
  if (type.kind === 'ENUM') return { type: columnTypeOf(type), enumName: type.name };
  const { decimal } = type;
  return { type: columnTypeOf(type), ...(decimal !== undefined && { decimal }) };
}

/** The API makes the keys of rows, so a column with a key has no default. */
function defaultOf({ role, generate, default: value }: ValueField): ColumnDefault | null {
  if (role === 'CREATED_AT' || role === 'UPDATED_AT') return { kind: 'NOW' };
  if (role === 'PLAIN' && generate !== null && generate !== 'SEQUENCE') {
    return generate === 'NOW' ? { kind: 'NOW' } : { kind: 'GENERATE', generate };
  }
  return value === null ? null : { kind: 'VALUE', value };
}

/** A value that is never null is the last one. */
function fillsOf(backfill: readonly Fill[], preset: readonly Fill[]): readonly Fill[] {
  return backfill.every(({ kind }) => kind === 'COLUMN') ? [...backfill, ...preset] : backfill;
}

/** @param part the number of the column in the foreign key of a relation */
function backfillOf(
  { backfill }: ValueField | ToOneField,
  part: number,
  type: ModelType,
): readonly Fill[] {
  if (backfill === null) return [];
  switch (backfill.kind) {
    case 'VALUE':
      return [backfill];
    case 'FIELD': {
      const column = storedColumns(type.fields.find(({ name }) => name === backfill.field))[part];
      return column === undefined ? [] : [{ kind: 'COLUMN', column }];
    }
    case 'GENERATE': {
      const { kind, generate } = backfill;
      return [generate === 'NOW' ? { kind: 'NOW' } : { kind, generate }];
    }
    default:
      return assertNever(backfill);
  }
}

function storedColumns(field: Field | undefined): readonly string[] {
  if (field === undefined || field.kind === 'TO_MANY') return [];
  return field.kind === 'VALUE' ? [field.column] : (field.key ?? []).map(({ column }) => column);
}

function presetFills({ generate }: ValueField, preset: ColumnDefault | null): readonly Fill[] {
  if (preset !== null) return [preset];
  if (generate === null || generate === 'SEQUENCE' || generate === 'NOW') return [];
  return [{ kind: 'GENERATE', generate }];
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
  const missing = foreignKeys
    .map((relation) => relation.key.map(({ column }) => column))
    .filter((columns) => !keys.some((key) => startsWith(key, columns)));
  return [...keys, ...missing.map((columns) => key('INDEX', table, columns))];
}

/** Whether the first columns of the key are these columns, in any order. */
function startsWith({ columns }: Key, first: readonly string[]): boolean {
  return sameNames(columns.slice(0, first.length), first);
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

const onDeleteActions: Readonly<Record<OnDelete, ForeignKey['onDelete']>> = {
  RESTRICT: 'RESTRICT',
  CASCADE: 'CASCADE',
  SET_NULL: 'SET NULL',
};

function foreignKey(
  table: string,
  { key: columns, inverseSide, onDelete }: ForeignKeyRelation,
  context: Context,
): ForeignKey {
  const target = context.typeOf(inverseSide.type);
  const names = columns.map(({ column }) => column);
  const referencedColumns = columns.map(({ references }) => references);
  return {
    name: generatedName(table, ...names, 'fkey'),
    columns: names,
    table: target.table,
    referencedColumns,
    onDelete: onDeleteActions[onDelete],
    onUpdate:
      sameNames(referencedColumns, target.key.columns) && isKeyFixed(target, context)
        ? 'NO ACTION'
        : 'CASCADE',
  };
}

/**
 * Whether the key of a row never changes. Its own values do not, but a foreign key in it can reference a field that can
 * be changed.
 */
function isKeyFixed({ key, fields }: ModelType, context: Context): boolean {
  return fields.every((field) => {
    if (field.kind !== 'TO_ONE' || field.key === null || !key.fields.includes(field.name))
      return true;
    const target = context.typeOf(field.target);
    const references = field.key.map((column) => column.references);
    return sameNames(references, target.key.columns) && isKeyFixed(target, context);
  });
}

function joinTable(relation: JoinTableRelation, context: Context): Table {
  const { table, sides } = relation;
  const namesOf = (side: JoinSide) => side.columns.map(({ column }) => column);
  const [, second] = sides;
  return {
    name: table,
    label: relation.name,
    kind: 'JOIN',
    columns: sides.flatMap(({ type, field, columns }) =>
      columns.map((each): Column => ({
        name: each.column,
        origin: `${type}.${field}`,
        partLabel: columns.length === 1 ? null : `${type}.${field}(${each.column})`,
        ...columnShape(each.type),
        list: false,
        notNull: true,
        default: null,
        sequence: null,
        fills: [],
      })),
    ),
    keys: [primaryKey(table, sides.flatMap(namesOf)), key('INDEX', table, namesOf(second))],
    checks: [],
    foreignKeys: sides.map((side) => ({
      name: generatedName(table, ...namesOf(side), 'fkey'),
      columns: namesOf(side),
      table: context.typeOf(side.type).table,
      referencedColumns: side.columns.map(({ references }) => references),
      onDelete: 'CASCADE',
      onUpdate: isKeyFixed(context.typeOf(side.type), context) ? 'NO ACTION' : 'CASCADE',
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
