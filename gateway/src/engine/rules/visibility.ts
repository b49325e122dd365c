import { operationErrors } from '../errors.ts';
import { requestLimits } from '../limits.ts';
import type { InputBudget } from '../queries/input.ts';
import type { FilterContext } from '../queries/selection.ts';
import { anyOf, whereClause } from '../queries/source.ts';
import {
  everythingVisible,
  type Conditions,
  type ReadRow,
  type Visibility,
} from '../queries/visibility.ts';
import type {
  AccessModel,
  AccessOperation,
  FilterNode,
  FilterObject,
  RuleConditions,
} from '../sdl/access-model.ts';
import { sql, type Sql } from '../sql/sql.ts';
import type { RuleProfile } from './profile.ts';
import { emailField, isVerified, userRow, type RuleScope } from './references.ts';
import { fieldAllows, neededFor, rightTo } from './rights.ts';
import { compileRuleFilter, type Requirements, type RuleFilter } from './rule-tree.ts';

/** What a caller with this profile sees in the statements that are compiled with `context`. */
export function visibilityFor(
  context: FilterContext,
  access: AccessModel | null,
  profile: RuleProfile,
  budget = createRuleBudget(),
): Visibility {
  if (access === null) return nothingVisible;
  const rules = { ...ruleScope(context, access, profile, budget), rowsAreStored: true };
  return {
    ofRow: (row) => conditionsFor(rules, row, 'READ'),
    ofField: (row, field) => {
      const allows = fieldAllows(access, profile, {
        type: row.type.name,
        field,
        operation: 'READ',
      });
      if (allows === null) return null;
      const alternatives = allows.map((rule) => conditionsOf(rules, rule, row));
      return alternatives.some(isEmpty) ? null : anyOf(alternatives);
    },
  };
}

const nothingVisible: Visibility = { ofRow: () => [sql`FALSE`], ofField: () => sql`FALSE` };

/** The context in which rules are compiled. They see all rows and values: no rules apply inside rules. */
export function ruleScope(
  context: FilterContext,
  access: AccessModel,
  profile: RuleProfile,
  budget = createRuleBudget(),
): RuleScope {
  return {
    context: { ...context, visibility: everythingVisible, budget },
    access,
    profile,
    rowsAreStored: false,
  };
}

/** Limits the size of a statement. The rules of a type are added wherever an operation reads its rows. */
function createRuleBudget(): InputBudget {
  const counter = (limit: number, what: string) => {
    let count = 0;
    return (): void => {
      count += 1;
      if (count > limit) throw operationErrors.rulesTooLarge(limit, what);
    };
  };
  return {
    spendNode: counter(requestLimits.ruleConditions, 'conditions'),
    spendRelation: counter(requestLimits.ruleRelations, 'relations'),
  };
}

/**
 * The conditions under which the caller may do something with a row. Empty if it may do so with all rows of the type,
 * and FALSE if with none.
 */
export function conditionsFor(
  rules: RuleScope,
  row: ReadRow,
  operation: AccessOperation,
  requirements: readonly Requirements[] = [],
): Conditions {
  const { access, profile } = rules;
  const type = row.type.name;
  return neededFor(access, { type, operation }).flatMap((needed): Conditions => {
    const right = rightTo(access, profile, { type, operation: needed });
    if (right.kind === 'NEVER') return [sql`FALSE`];
    const of = (rule: RuleConditions) => conditionsOf(rules, rule, row, requirements);
    const alternatives = right.allows.map(of);
    const isOpen = alternatives.some(isEmpty);
    return [...(isOpen ? [] : [anyOf(alternatives)]), ...right.requires.flatMap(of)];
  });
}

function isEmpty(conditions: Conditions): boolean {
  return conditions.length === 0;
}

/**
 * The conditions of one rule. `RuleConditions.claims` and the audience were tested when the rule was selected.
 *
 * @param alsoRequired the requirements of rules that use this one under `not`, `none` or `every`
 */
export function conditionsOf(
  rules: RuleScope,
  { where, user }: RuleConditions,
  row: ReadRow,
  alsoRequired: readonly Requirements[] = [],
): Conditions {
  const required: Requirements = new Map();
  const filter: RuleFilter = {
    rules,
    row,
    required,
    alsoRequired,
    can: (other, operation, requirements) =>
      conditionsFor({ ...rules, rowsAreStored: true }, other, operation, requirements),
  };
  const conditions = [
    ...(user === null ? [] : [userMatches(filter, user)]),
    ...(where === null ? [] : compileRuleFilter(filter, where, row)),
  ];
  return [...required.values(), ...conditions];
}

/** `EXISTS (SELECT FROM "user" AS "t1" WHERE "t1"."id" = $1 AND …)` */
function userMatches(filter: RuleFilter, node: FilterObject): Sql {
  const user = userRow(filter.rules);
  const isOwner = readsEmail(node) ? [isVerified(filter.rules, user)] : [];
  const conditions = [...user.is, ...isOwner, ...compileRuleFilter(filter, node, user)];
  return sql`EXISTS (SELECT FROM ${user.from}${whereClause(conditions)})`;
}

/** Whether a filter on the caller's row contains a condition on its address. */
function readsEmail(node: FilterNode): boolean {
  switch (node.kind) {
    case 'OBJECT':
      return node.fields.some(
        ([name, inner]) =>
          name === emailField ||
          ((name === 'and' || name === 'or' || name === 'not') && readsEmail(inner)),
      );
    case 'LIST':
      return node.items.some(readsEmail);
    case 'LITERAL':
    case 'REFERENCE':
    case 'CAN':
      return false;
  }
}
