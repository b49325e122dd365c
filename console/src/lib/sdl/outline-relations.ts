import type { OutlineField, OutlineRelation, OutlineType, RelationEnd } from './outline.ts';

interface Side {
  readonly type: string;
  readonly field: OutlineField;
}

/** Pairs the fields that speak of models. What the gateway would refuse to pair is left out. */
export function relationsOf(types: readonly OutlineType[]): readonly OutlineRelation[] {
  const groups = new Map<string, Side[]>();
  for (const type of types) {
    for (const field of type.fields.filter(({ kind }) => kind === 'MODEL')) {
      const side = { type: type.name, field };
      const key = groupKey(side);
      groups.set(key, [...(groups.get(key) ?? []), side]);
    }
  }
  return [...groups.values()].flatMap(([one, other, ...more]) =>
    one === undefined || other === undefined || more.length > 0 ? [] : pair(one, other),
  );
}

/** The two types, whichever comes first, and the relation's given name. */
function groupKey({ type, field }: Side): string {
  return [...[type, field.type].sort(), field.relation.name ?? ''].join(' ');
}

function pair(one: Side, other: Side): readonly OutlineRelation[] {
  if (one.type !== other.field.type || other.type !== one.field.type) return [];
  if (one.field.list && other.field.list) {
    return [{ kind: 'MANY_TO_MANY', from: endOf(one), to: endOf(other), onDelete: null }];
  }
  if (!one.field.list && !other.field.list) {
    if (one.field.unique === other.field.unique) return [];
    const [holder, target] = one.field.unique ? [one, other] : [other, one];
    return [keyed('ONE_TO_ONE', holder, target)];
  }
  return [one.field.list ? keyed('ONE_TO_MANY', other, one) : keyed('ONE_TO_MANY', one, other)];
}

function keyed(kind: OutlineRelation['kind'], holder: Side, target: Side): OutlineRelation {
  const onDelete = holder.field.relation.onDelete ?? 'RESTRICT';
  return { kind, from: endOf(target), to: endOf(holder), onDelete };
}

const endOf = ({ type, field }: Side): RelationEnd => ({
  type,
  field: field.name,
  required: field.required,
});
