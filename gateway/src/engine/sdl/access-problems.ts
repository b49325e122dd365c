import { limits } from './limits.ts';
import { say } from './wording.ts';

/** The diagnostics about access rules. */
export const accessProblems = {
  BAD_USER_MODEL: (what: string, hint: string) => say(what, hint),
  BAD_CLAIMS_TYPE: (what: string, hint: string) => say(what, hint),
  NO_USER_MODEL: (what: string) =>
    say(
      `${what} refers to the caller's row, but no model has @user.`,
      'Add @user to the model whose rows are the end users: `type User @model @user { … }`.',
    ),
  NO_CLAIMS_TYPE: (what: string) =>
    say(
      `${what} refers to claims, but no type has @claims.`,
      'Declare the claims that rules use: `type Claims @claims { role: String }`.',
    ),
  BAD_RULE: (what: string, hint: string) => say(what, hint),
  MISSING_ALLOW: (rule: string, operation: string, type: string) =>
    say(
      `${rule} is about ${operation}, but no @allow of ${type} permits ${operation}.`,
      `Add \`@allow(to: [${operation}])\` to ${type}, or remove ${operation} here.`,
    ),
  BAD_FILTER: (what: string, hint: string) => say(what, hint),
  UNKNOWN_REFERENCE: (what: string, hint: string) => say(what, hint),
  MISPLACED_REFERENCE: (what: string, hint: string) => say(what, hint),
  BAD_REFERENCE_TYPE: (reference: string, actual: string, expected: string) =>
    say(
      `${reference} has the type ${actual}, but this place needs the type ${expected}.`,
      'Compare values of the same type. ID and UUID are the same here.',
    ),
  FILTER_TOO_DEEP: (hops: number) =>
    say(
      `This filter goes through ${hops} relations, but the limit is ${limits.ruleHops}. Relations in rules that \`_can\` reuses count as well.`,
      'Store the key that decides in a nearer model, for example `teamId` in each row.',
    ),
  RULE_TOO_LARGE: (size: number) =>
    say(
      `With the rules that \`_can\` reuses, this rule has ${size > 1e9 ? 'more than a billion' : size} conditions, but the limit is ${limits.ruleConditions}.`,
      'Remove conditions, or write shorter rules for the types that `_can` refers to.',
    ),
  RULE_CYCLE: (types: readonly string[]) =>
    say(
      `The rules for READ depend on themselves: ${types.join(' → ')}.`,
      'Write the conditions out instead of one `_can`.',
    ),
  BAD_PRESET: (what: string, hint: string) => say(what, hint),
  BAD_PRIVATE: (what: string, hint: string) => say(what, hint),
  BAD_SIGN_UP: (what: string, hint: string) => say(what, hint),
  UNWRITABLE_FIELD: (field: string, type: string, why: string, hint: string) =>
    say(
      `${field} is required, but end users cannot set it when they create a ${type}: ${why}.`,
      hint,
    ),
} as const;
