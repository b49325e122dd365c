import type {
  AccessModel,
  AccessOperation,
  AllowRule,
  FieldAccess,
  RequireRule,
  RuleConditions,
  TypeAccess,
} from '../sdl/access-model.ts';
import { assertNever } from '../../platform/assert-never.ts';
import type { RuleProfile } from './profile.ts';

/** What a profile may do with the rows of a type, or with a field of them. */
export type Right =
  /** Nothing. */
  | { readonly kind: 'NEVER' }
  /** A row is permitted if one of `allows` and all of `requires` hold. */
  | {
      readonly kind: 'RULES';
      readonly allows: readonly AllowRule[];
      readonly requires: readonly RequireRule[];
    };

const never: Right = { kind: 'NEVER' };

/** @param access null for a model without rules, which permits nothing */
export function rightTo(
  access: AccessModel | null,
  profile: RuleProfile,
  { type, operation }: { readonly type: string; readonly operation: AccessOperation },
): Right {
  const rules = rulesOf(access, type);
  if (rules === null) return never;
  const allows = rules.allows.filter((rule) => isAbout(rule, operation) && applies(rule, profile));
  const requires = rules.requires.filter((rule) => isAbout(rule, operation));
  const isPossible = allows.length > 0 && requires.every((rule) => claimsHold(rule, profile));
  return isPossible ? { kind: 'RULES', allows, requires } : never;
}

/**
 * The operations whose rules must permit a row. Rows are changed only by callers who can read them, and a type without
 * rules for LINK can be referred to by callers who can read it.
 */
export function neededFor(
  access: AccessModel | null,
  { type, operation }: { readonly type: string; readonly operation: AccessOperation },
): readonly AccessOperation[] {
  switch (operation) {
    case 'READ':
    case 'CREATE':
      return [operation];
    case 'UPDATE':
    case 'DELETE':
      return [operation, 'READ'];
    case 'LINK': {
      const hasRules = rulesOf(access, type)?.allows.some((rule) => isAbout(rule, 'LINK'));
      return [hasRules === true ? 'LINK' : 'READ'];
    }
    default:
      return assertNever(operation);
  }
}

export function may(
  access: AccessModel | null,
  profile: RuleProfile,
  right: { readonly type: string; readonly operation: AccessOperation },
): boolean {
  return rightTo(access, profile, right).kind !== 'NEVER';
}

/** The rules of a field for an operation that the type's rules permit. Null if only the type's rules decide. */
export function fieldAllows(
  access: AccessModel | null,
  profile: RuleProfile,
  { type, field, operation }: FieldRight,
): readonly AllowRule[] | null {
  const rules = fieldAccess(access, type, field);
  if (rules === null) return null;
  if (rules.isPrivate) return [];
  if (rules.allows.length === 0) return null;
  return rules.allows.filter((rule) => isAbout(rule, operation) && applies(rule, profile));
}

interface FieldRight {
  readonly type: string;
  readonly field: string;
  readonly operation: AccessOperation;
}

/** Whether the rules of a field leave a profile this operation. */
export function mayField(
  access: AccessModel | null,
  profile: RuleProfile,
  right: FieldRight,
): boolean {
  return fieldAllows(access, profile, right)?.length !== 0;
}

/** Whether everyone can read all rows of a type, so that a required relation to it always has a row. */
export function isReadByEveryone(access: AccessModel | null, type: string): boolean {
  const rules = rulesOf(access, type);
  if (rules === null) return false;
  return (
    !rules.requires.some((rule) => isAbout(rule, 'READ')) &&
    rules.allows.some((rule) => isAbout(rule, 'READ') && rule.as === 'PUBLIC' && isOpen(rule))
  );
}

export function rulesOf(access: AccessModel | null, type: string): TypeAccess | null {
  return access?.types.find((each) => each.type === type) ?? null;
}

export function fieldAccess(
  access: AccessModel | null,
  type: string,
  field: string,
): FieldAccess | null {
  return rulesOf(access, type)?.fields.find((each) => each.field === field) ?? null;
}

function isAbout({ to }: RuleConditions, operation: AccessOperation): boolean {
  return to.includes(operation);
}

/** Whether a rule is about the callers with a profile, regardless of rows. `@require` is about all of them. */
export function appliesTo(rule: AllowRule | RequireRule, profile: RuleProfile): boolean {
  return 'as' in rule ? applies(rule, profile) : claimsHold(rule, profile);
}

/** Whether a rule applies to a profile, regardless of rows. */
function applies(rule: AllowRule, profile: RuleProfile): boolean {
  return includes(rule, profile) && claimsHold(rule, profile);
}

function includes({ as, user }: AllowRule, { audience }: RuleProfile): boolean {
  switch (audience) {
    case 'ANY':
    case 'USER':
      return true;
    case 'GUEST':
      return as !== 'USER';
    case 'PUBLIC':
      return as === 'PUBLIC' && user === null;
  }
}

function claimsHold({ claims }: RuleConditions, profile: RuleProfile): boolean {
  if (claims === null || profile.claims === 'ANY') return true;
  return profile.claims[claims] === true;
}

/** Whether a rule has no conditions. */
function isOpen({ where, user, claims }: AllowRule): boolean {
  return where === null && user === null && claims === null;
}
