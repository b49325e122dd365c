import type {
  AccessModel,
  AccessOperation,
  AllowRule,
  RequireRule,
  RuleConditions,
} from '../../sdl/access-model.ts';
import type { RuleProfile } from '../profile.ts';
import { appliesTo, fieldAccess, neededFor, rulesOf } from '../rights.ts';

/** A rule that decides about an operation on the rows of a type. */
export interface TriedRule {
  readonly type: string;
  /** The field whose rule it is. Null for a rule of the type. */
  readonly field: string | null;
  readonly operation: AccessOperation;
  readonly kind: 'ALLOW' | 'REQUIRE';
  readonly rule: RuleConditions;
  /** Whether the rule is about the caller: its audience, and the claims of the token. */
  readonly held: boolean;
}

/** A rule that was tried, and the number of rows that it lets through. */
export interface Decision extends TriedRule {
  /**
   * Of the rows that the operation would reach without rules. Null if the operation reaches rows of the type only in
   * conditions, counts or sort orders.
   */
  readonly rows: number | null;
}

/** The maximum number of rows of a type for which the rules of an operation are tried. */
export const maxTriedRows = 1_000;

interface Operation {
  readonly type: string;
  readonly operation: AccessOperation;
  /** The fields with rules of their own that the operation reads or writes. */
  readonly fields?: readonly string[];
}

/** The rules that decide about an operation, in the order of the SDL, and those of the other rights that it needs. */
export function triedRules(
  access: AccessModel,
  profile: RuleProfile,
  { type, operation, fields = [] }: Operation,
): readonly TriedRule[] {
  return neededFor(access, { type, operation }).flatMap((needed) => {
    const about = ({ to }: RuleConditions) => to.includes(needed);
    const allowed = (rule: AllowRule, field: string | null): TriedRule => {
      const held = appliesTo(rule, profile);
      return { type, field, operation: needed, kind: 'ALLOW', rule, held };
    };
    const required = (rule: RequireRule): TriedRule => {
      const held = appliesTo(rule, profile);
      return { type, field: null, operation: needed, kind: 'REQUIRE', rule, held };
    };
    const { allows = [], requires = [] } = rulesOf(access, type) ?? {};
    const ofFields = needed === operation ? fields : [];
    return [
      ...allows.filter(about).map((rule) => allowed(rule, null)),
      ...requires.filter(about).map(required),
      ...ofFields.flatMap((field) =>
        (fieldAccess(access, type, field)?.allows ?? [])
          .filter(about)
          .map((rule) => allowed(rule, field)),
      ),
    ].sort((a, b) => a.rule.line - b.rule.line);
  });
}
