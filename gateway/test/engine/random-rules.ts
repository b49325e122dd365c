import type { RuleProfile } from '../../src/engine/rules/profile.ts';
import {
  accessOperations,
  audiences,
  type AccessModel,
  type AllowRule,
  type FieldAccess,
  type FilterObject,
  type TypeAccess,
} from '../../src/engine/sdl/access-model.ts';
import type { Field, Model, ModelType } from '../../src/engine/sdl/model.ts';

/** Random choices that depend only on a seed. */
export interface Choices {
  /** An integer from 0 to `count - 1`. */
  below(count: number): number;
  /** True in one of `n` cases on average. */
  oneIn(n: number): boolean;
  of<T>(list: readonly [T, ...T[]]): T;
  some<T>(list: readonly T[]): readonly T[];
}

/** mulberry32, a small generator whose results are the same on every machine. */
export function choicesOf(seed: number): Choices {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (count: number) => Math.floor(next() * count);
  return {
    below,
    oneIn: (n) => below(n) === 0,
    // The index is below the length.
    of: (list) => list[below(list.length)] as (typeof list)[number],
    some: (list) => list.filter(() => below(2) === 0),
  };
}

const claimConditions = 2;
const nothing: FilterObject = { kind: 'OBJECT', fields: [] };

/**
 * Returns the model with random access rules. Their conditions on rows are empty: only the shape of the API depends on
 * these rules, and it does not depend on the conditions.
 */
export function withRandomRules(model: Model, choices: Choices): Model {
  const [user] = choices.some(model.types);
  const access: AccessModel = {
    userType: user?.name ?? null,
    claims: [],
    claimConditions: Array.from({ length: claimConditions }, () => nothing),
    types: model.types.filter(() => !choices.oneIn(5)).map((type) => typeRules(type, choices)),
  };
  return { ...model, access };
}

/** All profiles that callers can have in a model with random rules. */
export const randomRuleProfiles: readonly RuleProfile[] = audiences.flatMap((audience) =>
  [0, 1, 2, 3].map((bits) => ({
    audience,
    claims: [(bits & 1) > 0, (bits & 2) > 0],
    userField: audience === 'PUBLIC' ? null : 'id',
  })),
);

function typeRules(type: ModelType, choices: Choices): TypeAccess {
  return {
    type: type.name,
    allows: Array.from({ length: choices.below(4) }, () => allowRule(choices)),
    requires: choices.oneIn(4) ? [allowRule(choices)] : [],
    // The fields of the key have no rules.
    fields: type.fields
      .filter(({ name }) => !type.key.fields.includes(name))
      .flatMap((field) => (choices.oneIn(3) ? [fieldRules(field, choices)] : [])),
  };
}

function fieldRules(field: Field, choices: Choices): FieldAccess {
  const kind = choices.of(['PRIVATE', 'PRESET', 'ALLOW', 'ALLOW']);
  const canBePreset = field.kind !== 'TO_MANY';
  return {
    field: field.name,
    isPrivate: kind === 'PRIVATE',
    isSignUp: false,
    allows:
      kind === 'ALLOW'
        ? Array.from({ length: 1 + choices.below(2) }, () => allowRule(choices))
        : [],
    preset:
      kind === 'PRESET' && canBePreset
        ? {
            value: { kind: 'REFERENCE', reference: { of: 'USER', field: 'id' } },
            on: ['CREATE'],
            line: 1,
          }
        : null,
  };
}

function allowRule(choices: Choices): AllowRule {
  const to = choices.some(accessOperations);
  const conditional = () => (choices.oneIn(2) ? nothing : null);
  return {
    to: to.length > 0 ? to : ['READ'],
    as: choices.of(audiences),
    where: conditional(),
    check: null,
    user: choices.oneIn(4) ? nothing : null,
    claims: choices.oneIn(3) ? choices.below(claimConditions) : null,
    line: 1,
  };
}
