import type { ASTNode } from 'graphql';
import { isOwningSide } from '../api/model-index.ts';
import type {
  AccessOperation,
  AllowRule,
  FilterObject,
  RequireRule,
  RuleConditions,
} from '../sdl/access-model.ts';
import type { AllowUse, RuleUse } from '../sdl/directives.ts';
import { limits } from '../sdl/limits.ts';
import type { Field, ModelType } from '../sdl/model.ts';
import { readClaimFilter } from './claim-filter.ts';
import { readRowFilter, type FilterReading, type RowArgument } from './read-filter.ts';
import type { ReadRule } from './reused-rules.ts';
import type { RuleContext } from './rule-context.ts';

/** Where a rule is: on a type, or on one of its fields. */
export interface RulePlace {
  readonly type: ModelType;
  readonly field: Field | null;
}

export interface RuleReader {
  readonly allow: (use: AllowUse, place: RulePlace) => AllowRule;
  readonly require: (use: RuleUse, type: ModelType) => RequireRule;
  /** What was read about all rules so far. */
  readonly rules: readonly ReadRule[];
  readonly claimConditions: readonly FilterObject[];
}

/** Creates a reader of the rules of one schema. */
export function createRuleReader(context: RuleContext): RuleReader {
  const rules: ReadRule[] = [];
  const claims = new Map<string, number>();
  const claimConditions: FilterObject[] = [];

  const claimCondition = (use: RuleUse): number | null => {
    const node = use.value('claims');
    if (node === null) return null;
    if (context.claims === null) {
      context.bag.report(node, 'NO_CLAIMS_TYPE', 'The argument claims');
      return null;
    }
    const filter = readClaimFilter(context, node);
    // A filter without conditions always holds.
    if (filter.fields.length === 0) return null;
    const key = JSON.stringify(filter);
    const known = claims.get(key);
    if (known !== undefined) return known;
    claims.set(key, claimConditions.length);
    if (claimConditions.push(filter) === limits.claimConditions + 1) {
      const hint = 'Use the same conditions in several rules, or combine them with `or`.';
      const what = 'different conditions on claims in a schema';
      context.bag.report(node, 'TOO_MANY', what, limits.claimConditions, hint);
    }
    return claimConditions.length - 1;
  };

  const conditions = (use: RuleUse, place: RulePlace): RuleConditions => {
    const { bag, userType } = context;
    const to = operationsOf(use, place, context);
    const readings: FilterReading[] = [];
    const read = (argument: RowArgument): FilterObject | null => {
      const node = use.value(argument);
      if (node === null) return null;
      const type = argument === 'user' ? userType : place.type;
      if (type === null) {
        bag.report(node, 'NO_USER_MODEL', 'The argument user');
        return null;
      }
      const reading = readRowFilter(context, node, { type, owner: place.type, argument });
      readings.push(reading);
      return reading.filter;
    };
    const [where, check, user] = [read('where'), read('check'), read('user')];
    if (check !== null && !to.includes('UPDATE')) {
      const what = '`check` is about the row after an UPDATE, but the rule is not about UPDATE.';
      const hint = 'Add UPDATE to the operations, or write the conditions in `where`.';
      bag.report(use.at('check'), 'BAD_RULE', what, hint);
    }
    rules.push({
      type: place.type.name,
      decidesRead: place.field === null && to.includes('READ'),
      node: use.node,
      hops: Math.max(0, ...readings.map(({ hops }) => hops)),
      conditions: readings.reduce((sum, reading) => sum + reading.conditions, 0),
      reused: readings.flatMap(({ reused }) => reused),
    });
    return {
      to,
      where: where?.fields.length === 0 ? null : where,
      check,
      user,
      claims: claimCondition(use),
      line: lineOf(use.node),
    };
  };

  return {
    allow: (use, place) => {
      refuseOnField(use, place, context);
      return { ...conditions(use, place), as: use.value('as') ?? 'USER' };
    },
    require: (use, type) => conditions(use, { type, field: null }),
    rules,
    claimConditions,
  };
}

export function lineOf(node: ASTNode): number {
  return node.loc?.startToken.line ?? 1;
}

function operationsOf(
  use: RuleUse,
  { type, field }: RulePlace,
  { bag }: RuleContext,
): readonly AccessOperation[] {
  const to = [...new Set(use.value('to') ?? [])];
  if (to.length === 0) {
    const what = `This @${use.name} has no operation.`;
    bag.report(use.at('to'), 'BAD_RULE', what, 'Write `to: [READ]`, or remove the directive.');
  }
  if (field === null) return to;
  const path = `${type.name}.${field.name}`;
  const ofRows = to.filter((operation) => operation === 'DELETE' || operation === 'LINK');
  if (ofRows.length > 0) {
    const what = `${ofRows.join(' and ')} of the field ${path} cannot be permitted.`;
    const hint =
      'Use READ, CREATE and UPDATE. DELETE and LINK are about rows: write them on the type.';
    bag.report(use.at('to'), 'BAD_RULE', what, hint);
  }
  const isStamp = field.kind === 'VALUE' && /_AT$/.test(field.role);
  if (isStamp && to.some((operation) => operation === 'CREATE' || operation === 'UPDATE')) {
    const what = `${path} is set automatically, so no caller writes it.`;
    bag.report(use.at('to'), 'BAD_RULE', what, 'Write `to: [READ]`.');
  }
  return to;
}

/** Reports rules that a field cannot have. */
function refuseOnField(use: AllowUse, { type, field }: RulePlace, context: RuleContext): void {
  const { bag } = context;
  if (field === null) return;
  const path = `${type.name}.${field.name}`;
  if (type.key.fields.includes(field.name)) {
    const what = `${path} is part of the key, which has no rules.`;
    const hint = 'Remove this @allow. The rules of the type decide who can see the key.';
    bag.report(use.node, 'BAD_RULE', what, hint);
    return;
  }
  const problem = reasonAgainstConditions(context, type, field);
  if (problem === null) return;
  for (const argument of ['where', 'check', 'user'] as const) {
    if (use.value(argument) === null) continue;
    const what = `${path} is ${problem.why}, so its rules cannot depend on rows.`;
    bag.report(use.at(argument), 'BAD_RULE', what, problem.hint);
  }
}

/** Why the rules of a field can depend only on claims. Null if they can depend on rows. */
function reasonAgainstConditions(
  { api: { index } }: RuleContext,
  type: ModelType,
  field: Field,
): { readonly why: string; readonly hint: string } | null {
  const here = 'Decide by `as` and `claims` here, or write the condition in the rules of';
  if (field.kind !== 'VALUE') return { why: 'a relation', hint: `${here} ${field.target}.` };
  // The rows that refer to the field contain its value as well.
  const holder = index.model.types.find(({ fields }) =>
    fields.some(
      (other) =>
        isOwningSide(other) &&
        other.target === type.name &&
        other.key.some(({ references }) => references === field.column),
    ),
  );
  if (holder === undefined) return null;
  return { why: `the reference of a foreign key of ${holder.name}`, hint: `${here} ${type.name}.` };
}
