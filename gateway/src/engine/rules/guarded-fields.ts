import { assertNever } from '../../platform/assert-never.ts';
import type { AccessModel, FilterNode, FilterObject, RuleConditions } from '../sdl/access-model.ts';
import type { Field, Model, ModelType, Relation } from '../sdl/model.ts';

/**
 * The fields, as `Type.field`, that decide what the rules permit to a caller: the fields of the caller's row that a
 * reference such as `$user.teamId` reads, and all fields in a `user` filter, also those of related rows. If callers with
 * rules could write them, they could extend their own rights. A rule of such a field can permit it nevertheless.
 */
export function guardedFields({ types, relations, access }: Model): ReadonlySet<string> {
  const guarded = new Set<string>();
  const { userType = null } = access ?? {};
  const user = types.find(({ name }) => name === userType);
  if (access === null || user === undefined) return guarded;

  const relationOf = new Map(relations.map((relation) => [relation.name, relation]));
  const typeOf = new Map(types.map((type) => [type.name, type]));
  const followed = new Set<string>();

  const guard = (type: ModelType, field: Field): void => {
    guarded.add(`${type.name}.${field.name}`);
    const relation = field.kind === 'VALUE' ? undefined : relationOf.get(field.relation);
    // The other side of the relation writes the same foreign key.
    for (const side of relation === undefined ? [] : sidesOf(relation)) guarded.add(side);
  };

  const guardConditions = (type: ModelType, { fields }: FilterObject): void => {
    for (const [name, node] of fields) {
      const field = fieldNamed(type, name);
      if (field !== undefined) guard(type, field);
      const target = field === undefined || field.kind === 'VALUE' ? type.name : field.target;
      // A foreign key has operators, and the other names are combinations and quantifiers.
      const of = field?.name === name ? typeOf.get(target) : type;
      if (of !== undefined) guardNode(of, node);
    }
  };

  const guardNode = (type: ModelType, node: FilterNode): void => {
    switch (node.kind) {
      case 'OBJECT':
        guardConditions(type, node);
        break;
      case 'LIST':
        for (const item of node.items) guardNode(type, item);
        break;
      case 'CAN':
        guardRulesOf(type);
        break;
      case 'LITERAL':
      case 'REFERENCE':
        break;
      default:
        assertNever(node);
    }
  };

  const guardRulesOf = (type: ModelType): void => {
    if (followed.has(type.name)) return;
    followed.add(type.name);
    for (const { to, where } of rulesOfType(access, type.name)) {
      if (to.includes('READ') && where !== null) guardConditions(type, where);
    }
  };

  for (const rule of rulesOf(access)) {
    if (rule.user !== null) guardConditions(user, rule.user);
  }
  for (const name of userReferences(access)) {
    const field = fieldNamed(user, name);
    if (field !== undefined) guard(user, field);
  }
  return guarded;
}

/** The field with this name, or the relation whose foreign key has this name. */
function fieldNamed({ fields }: ModelType, name: string): Field | undefined {
  return (
    fields.find((field) => field.name === name) ??
    fields.find((field) => field.kind === 'TO_ONE' && field.key?.some((key) => key.name === name))
  );
}

function sidesOf(relation: Relation): readonly string[] {
  const sides =
    relation.kind === 'JOIN_TABLE' ? relation.sides : [relation.owningSide, relation.inverseSide];
  return sides.flatMap(({ type, field }) => (field === null ? [] : [`${type}.${field}`]));
}

function rulesOfType({ types }: AccessModel, name: string): readonly RuleConditions[] {
  const type = types.find((each) => each.type === name);
  return type === undefined ? [] : [...type.allows, ...type.requires];
}

function rulesOf({ types }: AccessModel): readonly RuleConditions[] {
  return types.flatMap(({ allows, requires, fields }) => [
    ...allows,
    ...requires,
    ...fields.flatMap((field) => field.allows),
  ]);
}

/** The fields of the caller's row that filters and presets refer to. */
function userReferences(access: AccessModel): readonly string[] {
  const presets = access.types.flatMap(({ fields }) =>
    fields.flatMap(({ preset }) => (preset === null ? [] : [preset.value])),
  );
  const filters = rulesOf(access).flatMap(({ where, check, user }) =>
    [where, check, user].filter((filter) => filter !== null),
  );
  return [...presets, ...filters].flatMap(namesIn);
}

function namesIn(node: FilterNode): readonly string[] {
  switch (node.kind) {
    case 'OBJECT':
      return node.fields.flatMap(([, inner]) => namesIn(inner));
    case 'LIST':
      return node.items.flatMap(namesIn);
    case 'REFERENCE':
      return node.reference.of === 'USER' ? [node.reference.field] : [];
    case 'LITERAL':
    case 'CAN':
      return [];
    default:
      return assertNever(node);
  }
}
