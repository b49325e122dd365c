import type { BadKey } from '../sdl/key-diagnostics.ts';
import type {
  Field,
  ForeignKeyRelation,
  JoinTableRelation,
  Model,
  ModelType,
} from '../sdl/model.ts';
import { diffTables, type TableDiff } from './diff-tables.ts';
import type { MigrationHistory } from './lineage.ts';
import { matchTables, type TableMatch } from './match-tables.ts';
import { tablesOf } from './tables/tables-of.ts';

/**
 * Returns each change of a key that would take the rows away that relations reference: a key whose values cannot be
 * converted, and a key with other fields although a relation references the old one.
 */
export function findBadKeys(
  current: Model,
  next: Model,
  history: MigrationHistory,
): readonly BadKey[] {
  const models = { current, next };
  const tables = { current: tablesOf(current), next: tablesOf(next) };
  const match = matchTables(models, tables, history);
  const diffs = new Map(diffTables(match).map((diff) => [diff.after.label, diff]));
  return next.types.flatMap((type): readonly BadKey[] => {
    const before = current.types.find(({ name }) => name === match.names.types.get(type.name));
    const diff = diffs.get(type.name);
    if (before === undefined || diff === undefined) return [];
    const change = { before, after: type };
    return isMoved(change, match)
      ? referencedKey(change, models, match)
      : replacedColumns(change, diff, match);
  });
}

interface KeyChange {
  readonly before: ModelType;
  readonly after: ModelType;
}

/** Whether the key has other fields than before, apart from new names. */
function isMoved({ before, after }: KeyChange, { names }: TableMatch): boolean {
  const fields = after.key.fields.map((name) => names.fields.get(`${after.name}.${name}`) ?? '');
  return (
    fields.length !== before.key.fields.length ||
    !before.key.fields.every((name) => fields.includes(name))
  );
}

/** The fields of a key whose columns are dropped and added again. */
function replacedColumns(
  { before, after }: KeyChange,
  { columns }: TableDiff,
  { names }: TableMatch,
): readonly BadKey[] {
  return after.key.fields.flatMap((name): readonly BadKey[] => {
    if (columns.added.every(({ origin }) => origin !== name)) return [];
    const field = after.fields.find((each) => each.name === name);
    const old = before.fields.find(
      (each) => each.name === names.fields.get(`${after.name}.${name}`),
    );
    if (field === undefined || old === undefined) return [];
    const cause = field.kind === 'VALUE' ? 'NO_CAST' : 'OTHER_ROWS';
    return [{ type: after.name, cause, field: name, from: typeOf(old), to: typeOf(field) }];
  });
}

function typeOf(field: Field): string {
  return field.kind === 'VALUE' ? field.type.name : field.target;
}

/** The relations that reference the old key now and would reference the new one. */
function referencedKey(
  { before, after }: KeyChange,
  models: { readonly current: Model; readonly next: Model },
  match: TableMatch,
): readonly BadKey[] {
  const relations = models.next.relations.flatMap((relation) => {
    if (relation.kind === 'JOIN_TABLE') {
      const isSide = relation.sides.some(({ type }) => type === after.name);
      return isSide && isKept(relation, match) ? [{ name: relation.name, isJoin: true }] : [];
    }
    const old = relationBefore(relation, models.current, match);
    return old !== null &&
      relation.inverseSide.type === after.name &&
      old.inverseSide.type === before.name &&
      references(relation, after) &&
      references(old, before)
      ? [{ name: relation.name, isJoin: false }]
      : [];
  });
  if (relations.length === 0) return [];
  const { fields: to } = after.key;
  const [field = ''] = to;
  return [{ type: after.name, field, cause: 'REFERENCED', from: before.key.fields, to, relations }];
}

function isKept({ table }: JoinTableRelation, { pairs }: TableMatch): boolean {
  return pairs.some(({ after }) => after.name === table);
}

function relationBefore(
  { owningSide: { type, field } }: ForeignKeyRelation,
  current: Model,
  { names }: TableMatch,
): ForeignKeyRelation | null {
  const [oldType, oldField] = [names.types.get(type), names.fields.get(`${type}.${field}`)];
  return (
    current.relations
      .filter((relation) => relation.kind === 'FOREIGN_KEY')
      .find(({ owningSide }) => owningSide.type === oldType && owningSide.field === oldField) ??
    null
  );
}

/** Whether the relation references the key of the type, and not other unique fields. */
function references({ key }: ForeignKeyRelation, type: ModelType): boolean {
  const columns = key.map(({ references: column }) => column);
  return (
    columns.length === type.key.columns.length &&
    columns.every((column) => type.key.columns.includes(column))
  );
}
