import { readRelationBackfill } from './backfill.ts';
import { keyFieldsOf, type Columns } from './columns.ts';
import type { DiagnosticBag } from './diagnostic-bag.ts';
import { deprecationOf } from './directives.ts';
import type { FieldDraft, FieldType, TypeDraft } from './outline.ts';
import { groupBy } from './collections.ts';
import type {
  ForeignKeyRelation,
  JoinSide,
  JoinTableRelation,
  OnDelete,
  Relation,
  RelationSide,
  ToManyField,
  ToOneField,
} from './model.ts';
import { databaseName, generatedName, snakeCase } from './names.ts';
import { innermostName } from './definitions.ts';
import { areSimilar } from './similar-names.ts';

/** One side of a relation, not yet paired with the other side. */
interface SideDraft extends RelationSide {
  readonly draft: FieldDraft;
  readonly type: string;
  readonly target: string;
  readonly reference: FieldType;
  /** Whether at most one row refers to each row: the field has `@unique`, or is the key of its type. */
  readonly isUnique: boolean;
}

/** The input for reading relations. */
interface RelationContext {
  readonly columns: Columns;
  readonly bag: DiagnosticBag;
}

/** Pairs the fields whose types are models, and decides which side of each relation has the foreign key. */
export function readRelations(
  types: readonly TypeDraft[],
  columns: Columns,
  bag: DiagnosticBag,
): readonly Relation[] {
  const context = { columns, bag };
  const groups = groupBy(types.flatMap(sidesOf), groupKey);
  return [...groups.values()].flatMap((sides) => {
    if (areOneSided(sides)) {
      return sides.flatMap(
        (side) => foreignKey({ owningSide: side, inverse: null }, context) ?? [],
      );
    }
    const pair = pairOf(sides, types, bag);
    const relation = pair === null ? null : readRelation(pair, context);
    return relation ?? [];
  });
}

/** Creates the field for one side of a relation. */
export function readRelationField(
  draft: FieldDraft,
  type: FieldType,
  { relation, isOwningSide }: { readonly relation: Relation; readonly isOwningSide: boolean },
  bag: DiagnosticBag,
): ToOneField | ToManyField {
  const base = {
    name: draft.name,
    description: draft.node.description?.value ?? null,
    deprecationReason: deprecationOf(draft.directives),
    renamedFrom: draft.directives.first('rename')?.value('from') ?? null,
    target: type.name,
    relation: relation.name,
  };
  if (type.list) return { kind: 'TO_MANY', ...base };
  const key = isOwningSide && relation.kind === 'FOREIGN_KEY' ? relation.key : null;
  const backfill = key === null ? null : readRelationBackfill(draft, bag);
  return { kind: 'TO_ONE', ...base, required: type.required, key, backfill };
}

function sidesOf(type: TypeDraft): readonly SideDraft[] {
  return type.fields.flatMap((draft) =>
    draft.type?.kind === 'MODEL'
      ? {
          type: type.name,
          field: draft.name,
          target: draft.type.name,
          reference: draft.type,
          isUnique: draft.directives.has('unique') || isWholeKey(type, draft.name),
          draft,
        }
      : [],
  );
}

function isWholeKey(type: TypeDraft, field: string): boolean {
  const [only, ...more] = keyFieldsOf(type);
  return only === field && more.length === 0;
}

/** The key for grouping sides: the two types in a fixed order, and the name from `@relation(name:)`. */
function groupKey({ type, target, draft }: SideDraft): string {
  const name = draft.directives.first('relation')?.value('name') ?? '';
  return [...[type, target].sort(compareText), name].join(' ');
}

/**
 * Whether each side is a relation of its own: the other type has no field for it. Two fields of a type that refer to the
 * type itself are the two sides of one relation.
 */
function areOneSided(sides: readonly SideDraft[]): boolean {
  const [first] = sides;
  if (
    first === undefined ||
    sides.some(({ type, reference }) => type !== first.type || reference.list)
  ) {
    return false;
  }
  return first.type !== first.target || sides.length === 1;
}

function pairOf(
  sides: readonly SideDraft[],
  types: readonly TypeDraft[],
  bag: DiagnosticBag,
): readonly [SideDraft, SideDraft] | null {
  const [one, other] = sides;
  if (one === undefined) return null;
  if (other === undefined) {
    if (hasBrokenSide(one, types)) return null;
    bag.report(one.draft.node.name, 'ONE_SIDED_RELATION', one.field, one.type, one.target);
    return null;
  }
  if (sides.length === 2 && one.type === other.target) return [one, other];
  for (const side of sides) {
    bag.report(side.draft.node.name, 'AMBIGUOUS_RELATION', sides.map(pathOf));
  }
  return null;
}

/** Whether the other type has a field for the other side whose type is invalid, which is reported there. */
function hasBrokenSide({ type, target }: SideDraft, types: readonly TypeDraft[]): boolean {
  const fields = types.find(({ name }) => name === target)?.fields ?? [];
  return fields.some(({ type: valid, node }) => {
    if (valid !== null) return false;
    const name = innermostName(node.type);
    return name === type || areSimilar(name, type);
  });
}

function readRelation(
  pair: readonly [SideDraft, SideDraft],
  context: RelationContext,
): Relation | null {
  const [one, other] = pair;
  const { bag } = context;
  for (const side of pair) checkListShape(side, bag);
  if (one.reference.list && other.reference.list) return joinTable(pair, context);
  if (one.reference.list) return foreignKey({ owningSide: other, inverse: one }, context);
  if (other.reference.list) return foreignKey({ owningSide: one, inverse: other }, context);
  const owningSides = pair.filter(({ isUnique }) => isUnique);
  const [owningSide] = owningSides;
  if (owningSide === undefined || owningSides.length > 1) {
    for (const side of pair) {
      bag.report(side.draft.node.name, 'ONE_TO_ONE_SIDES', pathOf(one), pathOf(other));
    }
    return null;
  }
  const inverseSide = owningSide === one ? other : one;
  if (inverseSide.reference.required) {
    bag.report(
      inverseSide.draft.node.type,
      'KEYLESS_SIDE_REQUIRED',
      pathOf(inverseSide),
      pathOf(owningSide),
    );
  }
  return foreignKey({ owningSide, inverse: inverseSide }, context);
}

/** @param inverse null if the relation has only the owning side */
function foreignKey(
  { owningSide, inverse }: { readonly owningSide: SideDraft; readonly inverse: SideDraft | null },
  { columns, bag }: RelationContext,
): ForeignKeyRelation | null {
  if (inverse !== null) {
    const why = `${pathOf(owningSide)} has the foreign key of this relation`;
    refuseKeyDirectives(inverse, why, bag);
  }
  const unique = owningSide.draft.directives.first('unique');
  if (unique !== undefined && inverse?.reference.list === true) {
    const why = `${pathOf(inverse)} is a list, so several rows can reference the same row`;
    bag.report(unique.node, 'DIRECTIVE_MISPLACED', 'unique', why);
  }
  const onDelete = onDeleteOf(owningSide);
  const { required } = owningSide.reference;
  if (onDelete === 'SET_NULL' && required) {
    bag.report(owningSide.draft.node.type, 'SET_NULL_ON_REQUIRED', pathOf(owningSide));
  }
  const key = columns.foreignKey(owningSide.type, owningSide.field);
  if (key === null) return null;
  return {
    kind: 'FOREIGN_KEY',
    name: pathOf(owningSide),
    owningSide: sideOf(owningSide),
    inverseSide: { type: owningSide.target, field: inverse?.field ?? null },
    key,
    required,
    unique: owningSide.isUnique && inverse?.reference.list !== true,
    onDelete,
  };
}

function joinTable(
  pair: readonly [SideDraft, SideDraft],
  { columns, bag }: RelationContext,
): JoinTableRelation {
  for (const side of pair)
    refuseKeyDirectives(side, 'a many-to-many relation is stored in a join table', bag);
  const [a, b] = compareText(pathOf(pair[0]), pathOf(pair[1])) <= 0 ? pair : [pair[1], pair[0]];
  const toItself = a.type === b.type;
  const joinSide = (side: SideDraft): JoinSide => {
    const prefix = toItself ? `${snakeCase(side.field)}_owner` : snakeCase(side.type);
    const key = columns.ofKey(side.type);
    return {
      ...sideOf(side),
      columns: key.map(({ name, type }) => ({
        column: databaseName(`${prefix}_${key.length === 1 ? 'id' : snakeCase(name)}`),
        type,
        references: columns.named(side.type, name),
      })),
    };
  };
  return {
    kind: 'JOIN_TABLE',
    name: pathOf(a),
    table: generatedName(snakeCase(a.type), snakeCase(a.field), 'join'),
    sides: [joinSide(a), joinSide(b)],
  };
}

/** Reports arguments and directives that only the side with the foreign key can have. */
function refuseKeyDirectives(side: SideDraft, why: string, bag: DiagnosticBag): void {
  const relation = side.draft.directives.first('relation');
  for (const argument of ['onDelete', 'key', 'references'] as const) {
    if (relation === undefined || relation.value(argument) === null) continue;
    bag.report(relation.node, 'DIRECTIVE_MISPLACED', `relation(${argument}:)`, why);
  }
  for (const name of ['unique', 'backfill'] as const) {
    const use = side.draft.directives.first(name);
    if (use !== undefined) bag.report(use.node, 'DIRECTIVE_MISPLACED', name, why);
  }
}

function checkListShape({ reference, draft, target }: SideDraft, bag: DiagnosticBag): void {
  if (reference.list && !reference.required) {
    bag.report(draft.node.type, 'BAD_LIST', draft.name, target);
  }
}

function onDeleteOf(side: SideDraft): OnDelete {
  return side.draft.directives.first('relation')?.value('onDelete') ?? 'RESTRICT';
}

function sideOf({ type, field }: RelationSide): RelationSide {
  return { type, field };
}

function pathOf({ type, field }: RelationSide): string {
  return `${type}.${field}`;
}

/** Compares by code unit, so the order does not depend on the locale. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
