import { isInKey } from '../api/model-index.ts';
import {
  accessOperations,
  audiences,
  type AccessOperation,
  type AllowRule,
  type Audience,
  type FieldAccess,
  type RuleConditions,
} from '../sdl/access-model.ts';
import type { SdlLines } from '../sdl/definition-lines.ts';
import type { Field, Model, ModelType } from '../sdl/model.ts';
import { guardedFields } from './guarded-fields.ts';
import { isFor, isImpossible, possibleRules, type AudienceRight } from './possible-rules.ts';
import { fieldAccess, neededFor, rulesOf } from './rights.ts';
import {
  allowSentence,
  guardedSentence,
  presetSentence,
  privateSentence,
  requireSentence,
  signUpSentence,
} from './sentence.ts';

/** How many rows or values of a type or field the callers of an audience can reach with an operation. */
export const extents = ['NONE', 'SOME', 'ALL'] as const;
export type Extent = (typeof extents)[number];

/**
 * `GUARDED`: rules read the field to decide what the caller can do, so that callers cannot write it. `SIGN_UP`: new users
 * can set the field in their own row.
 */
export const ruleKinds = ['ALLOW', 'REQUIRE', 'PRESET', 'PRIVATE', 'GUARDED', 'SIGN_UP'] as const;
export type RuleKind = (typeof ruleKinds)[number];

/** What callers with rules can do with a schema. */
export interface EffectiveRights {
  /** The `@user` model. */
  readonly userModel: string | null;
  /** All models, also those without rules. */
  readonly models: readonly ModelRights[];
}

export interface ModelRights {
  readonly model: string;
  readonly line: number;
  readonly rights: readonly EffectiveRight[];
  readonly rules: readonly DescribedRule[];
  /** The fields with rights of their own. */
  readonly fields: readonly FieldRights[];
}

export interface FieldRights {
  readonly field: string;
  readonly line: number;
  /** For READ and, if values can be written, CREATE and UPDATE. */
  readonly rights: readonly EffectiveRight[];
  readonly rules: readonly DescribedRule[];
}

export interface EffectiveRight {
  readonly operation: AccessOperation;
  readonly audience: Audience;
  readonly extent: Extent;
  /** The operations whose rules decide: an UPDATE needs READ as well, and LINK can be decided by READ. */
  readonly decidedBy: readonly AccessOperation[];
  /** The rules that decide. */
  readonly rules: readonly DescribedRule[];
}

export interface DescribedRule {
  readonly kind: RuleKind;
  readonly operations: readonly AccessOperation[];
  /** Null for rules that apply to all callers. */
  readonly audience: Audience | null;
  readonly line: number;
  readonly sentence: string;
}

/** Describes what the callers of each audience can do with the rows and fields of a schema. */
export function effectiveRights(model: Model, lines: SdlLines): EffectiveRights {
  const guarded = guardedFields(model);
  return {
    userModel: model.access?.userType ?? null,
    models: model.types.map((type) => modelRights({ model, lines, guarded }, type)),
  };
}

interface Context {
  readonly model: Model;
  readonly lines: SdlLines;
  readonly guarded: ReadonlySet<string>;
}

/** The rules of a type or a field, with their descriptions. */
type Descriptions = ReadonlyMap<RuleConditions, DescribedRule>;

function modelRights(context: Context, type: ModelType): ModelRights {
  const { model, lines } = context;
  const rules = rulesOf(model.access, type.name);
  const described: Descriptions = new Map([
    ...(rules?.allows ?? []).map(
      (rule) => [rule, describedAllow(context, type, null, rule)] as const,
    ),
    ...(rules?.requires ?? []).map(
      (rule) =>
        [
          rule,
          {
            kind: 'REQUIRE',
            operations: rule.to,
            audience: null,
            line: rule.line,
            sentence: requireSentence(model, type.name, rule),
          },
        ] as const,
    ),
  ]);
  return {
    model: type.name,
    line: lines.definitions.get(type.name) ?? 1,
    rights: accessOperations.flatMap((operation) =>
      audiences.map((audience) =>
        typeRight(model, described, { type: type.name, operation, audience }),
      ),
    ),
    rules: [...described.values()],
    fields: type.fields.flatMap((field) => fieldRights({ ...context, described }, type, field)),
  };
}

function describedAllow(
  { model }: Context,
  { name }: ModelType,
  field: string | null,
  rule: AllowRule,
): DescribedRule {
  return {
    kind: 'ALLOW',
    operations: rule.to,
    audience: rule.as,
    line: rule.line,
    sentence: allowSentence(model, { type: name, field }, rule),
  };
}

function typeRight(model: Model, described: Descriptions, right: AudienceRight): EffectiveRight {
  const { operation, audience } = right;
  const decidedBy = neededFor(model.access, right);
  const rules = decidedBy.flatMap((needed) => {
    const { allows, requires } = possibleRules(model, { ...right, operation: needed });
    return allows.length === 0 ? [] : [...allows, ...requires];
  });
  return {
    operation,
    audience,
    extent: typeExtent(model, right),
    decidedBy,
    rules: [...new Set(rules)].flatMap((rule) => described.get(rule) ?? []),
  };
}

/** What the rules of a type permit, with those of READ if the operation needs it. */
function typeExtent(model: Model, right: AudienceRight): Extent {
  const needed = neededFor(model.access, right).map((operation): Extent => {
    const { allows, requires } = possibleRules(model, { ...right, operation });
    if (allows.length === 0) return 'NONE';
    const isOpen = (rule: RuleConditions) => hasNoConditions(rule, operation);
    return allows.some(isOpen) && requires.every(isOpen) ? 'ALL' : 'SOME';
  });
  return least(needed);
}

function least(of: readonly Extent[]): Extent {
  return extents.find((extent) => of.includes(extent)) ?? 'ALL';
}

/** Whether a rule holds for all rows and callers of its audience. */
export function hasNoConditions(
  { where, check, user, claims }: RuleConditions,
  operation: AccessOperation,
): boolean {
  const hasCheck = operation === 'UPDATE' && check !== null && check.fields.length > 0;
  return where === null && user === null && claims === null && !hasCheck;
}

type FieldContext = Context & { readonly described: Descriptions };

/** The rights of a field. Empty if only the rules of the type decide. */
function fieldRights(context: FieldContext, type: ModelType, field: Field): readonly FieldRights[] {
  const { model, lines, guarded } = context;
  const path = `${type.name}.${field.name}`;
  const access = fieldAccess(model.access, type.name, field.name);
  // Rules say nothing about keys, and callers cannot change them.
  const isGuarded =
    guarded.has(path) && !isInKey(type, field) && (access?.allows.length ?? 0) === 0;
  if (access === null && !isGuarded) return [];
  const line = lines.definitions.get(path) ?? 1;
  const allows = new Map(
    (access?.allows ?? []).map((rule) => [rule, describedAllow(context, type, field.name, rule)]),
  );
  const special = specialRules(context, { type, field, access, isGuarded });
  const rights = operationsOn(type, field).flatMap((operation) =>
    audiences.map((audience) => {
      const right = { type: type.name, field: field.name, operation, audience };
      return fieldRight({ ...context, allows, special, isGuarded }, access, right);
    }),
  );
  return [{ field: field.name, line, rights, rules: [...special, ...allows.values()] }];
}

interface SpecialField {
  readonly type: ModelType;
  readonly field: Field;
  readonly access: FieldAccess | null;
  readonly isGuarded: boolean;
}

/** The rules of a field that are not alternatives. */
function specialRules(
  { lines }: Context,
  { type, field: { name }, access, isGuarded }: SpecialField,
): readonly DescribedRule[] {
  const path = `${type.name}.${name}`;
  const line = lines.definitions.get(path) ?? 1;
  const rule = (
    kind: RuleKind,
    operations: readonly AccessOperation[],
    sentence: string,
  ): DescribedRule => ({ kind, operations, audience: null, line, sentence });
  const special: DescribedRule[] = [];
  if (access?.isPrivate === true) {
    const isPrivate = rule('PRIVATE', ['READ', 'CREATE', 'UPDATE'], privateSentence(name));
    special.push({ ...isPrivate, line: lines.privates.get(path) ?? line });
  }
  if (access !== null && access.preset !== null) {
    const { preset } = access;
    const isPreset = rule('PRESET', preset.on, presetSentence(type, name, preset));
    special.push({ ...isPreset, line: preset.line });
  }
  if (isGuarded) special.push(rule('GUARDED', ['CREATE', 'UPDATE'], guardedSentence(name)));
  if (access?.isSignUp === true) {
    special.push(rule('SIGN_UP', ['CREATE'], signUpSentence(type.name, name)));
  }
  return special;
}

interface FieldRight extends AudienceRight {
  readonly field: string;
}

interface FieldRules extends FieldContext {
  readonly allows: ReadonlyMap<AllowRule, DescribedRule>;
  readonly special: readonly DescribedRule[];
  readonly isGuarded: boolean;
}

function fieldRight(
  { model, described, allows, special, isGuarded }: FieldRules,
  access: FieldAccess | null,
  right: FieldRight,
): EffectiveRight {
  const { operation, audience } = right;
  const ofType = typeRight(model, described, right);
  const extent = fieldExtent(model, { access, isGuarded }, right);
  const deciding =
    extent === 'NONE'
      ? special.filter(({ kind, operations }) =>
          kind === 'PRESET'
            ? operation !== 'READ'
            : kind !== 'SIGN_UP' && operations.includes(operation),
        )
      : [...allows].flatMap(([rule, description]) =>
          isPossibleOn(model, rule, right) ? [description] : [],
        );
  const ownRules = deciding.length > 0 || extent === 'NONE';
  return {
    operation,
    audience,
    extent,
    decidedBy: ofType.decidedBy,
    rules: ownRules ? deciding : ofType.rules,
  };
}

/** Whether a rule of a field can permit an operation to the callers of an audience. */
export function isPossibleOn(model: Model, rule: AllowRule, right: AudienceRight): boolean {
  return (
    rule.to.includes(right.operation) &&
    isFor(rule, right.audience) &&
    !isImpossible(model, rule, right)
  );
}

/** What a field's rules permit where those of the type permit it too. */
function fieldExtent(
  model: Model,
  { access, isGuarded }: { readonly access: FieldAccess | null; readonly isGuarded: boolean },
  right: FieldRight,
): Extent {
  const ofType = typeExtent(model, right);
  if (ofType === 'NONE' || access?.isPrivate === true) return 'NONE';
  const isWrite = right.operation !== 'READ';
  if (isWrite && (isGuarded || (access?.preset ?? null) !== null)) return 'NONE';
  if (access === null || access.allows.length === 0) return ofType;
  const allows = access.allows.filter((rule) => isPossibleOn(model, rule, right));
  if (allows.length === 0) return 'NONE';
  const isOpen = allows.some((rule) => hasNoConditions(rule, right.operation));
  return isOpen ? ofType : 'SOME';
}

/** The operations that concern the value of a field. */
export function operationsOn(type: ModelType, field: Field): readonly AccessOperation[] {
  const isInput = field.kind !== 'VALUE' || field.role === 'PLAIN' || field.role === 'ID';
  if (!isInput) return ['READ'];
  return isInKey(type, field) ? ['READ', 'CREATE'] : ['READ', 'CREATE', 'UPDATE'];
}
