import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compileQuery, trackerSdl } from '../../../test/engine/compile-kit.ts';
import { readModel } from '../../../test/engine/project.ts';
import { withRules } from '../../../test/engine/with-rules.ts';
import { checkDocument } from '../../graphql/document-limits.ts';
import { buildApi } from '../api/build-api.ts';
import { OperationError } from '../errors.ts';
import { projectDocumentLimits, requestLimits } from '../limits.ts';
import { ruleCostIn } from './rule-cost.ts';
import { profileOf } from './subject.ts';

const subject = {
  audience: 'USER',
  user: { field: 'id', value: '00000000-0000-7000-8000-0000000000a1' },
  claims: {},
  verifiedEmail: null,
} as const;

function apiWith(rules: string) {
  const model = readModel(withRules(trackerSdl, `extend type User @user ${rules}`));
  const access = { read: 'ALL', write: 'ALL', introspect: true } as const;
  return buildApi(model, { ...access, rules: profileOf(model, subject) });
}

/** The work of a document without its counts and arguments, which is its cost. */
function costOf(rules: string, text: string): number {
  const api = apiWith(rules);
  const limits = { ...projectDocumentLimits, extraCost: ruleCostIn(api) };
  const [cost] = checkDocument(parse(text), api.schema, {}, limits).work.values();
  return cost ?? 0;
}

const open = '@allow(to: [READ], as: PUBLIC)';
const member = '{ members: { some: { userId: { eq: "$user.id" } } } }';

describe('the cost of a query', () => {
  const query = '{ boards(first: 10) { nodes { name issues(first: 5) { nodes { title } } } } }';

  it('does not change if rules have no relations', () => {
    const cost = costOf(`${open} extend type Board ${open} extend type Issue ${open}`, query);
    expect(cost).toBe(1 + 10 + 10 + 10 + 50 + 50);
  });

  it('contains the relations in the rules of the rows, once for each list', () => {
    const rules = `extend type Board @allow(to: [READ], where: ${member}) extend type Issue ${open}`;
    expect(costOf(rules, query)).toBe(131 + 1);
    const nested = `extend type Board ${open}
      extend type Issue @allow(to: [READ], where: { board: ${member} }) @allow(to: [READ], where: { comments: { some: { authorId: { eq: "$user.id" } } } })`;
    expect(costOf(nested, query)).toBe(131 + 10 * 3);
  });

  it('contains the relations in the rules of a value, for each row', () => {
    const rules = `extend type Board ${open} { name: String! @allow(to: [READ], where: ${member}) }`;
    expect(costOf(rules, '{ boards(first: 10) { nodes { name } } }')).toBe(1 + 10 + 10 * 2);
    expect(costOf(rules, '{ boards(first: 10) { nodes { key } } }')).toBe(1 + 10 + 10);
  });

  it('contains the rules of related rows that are reached by a to-one relation', () => {
    const rules = `extend type Issue ${open} extend type Board @allow(to: [READ], where: ${member})`;
    expect(costOf(rules, '{ issues(first: 10) { nodes { board { key } } } }')).toBe(
      1 + 10 + 10 * 2 + 10,
    );
  });
});

describe('an operation is refused', () => {
  const messageOf = (rules: string, query: string): string => {
    try {
      compileQuery(apiWith(rules), query);
      return '';
    } catch (error) {
      if (error instanceof OperationError) return error.message;
      throw error;
    }
  };
  const many = (count: number) =>
    `{ ${Array.from({ length: count }, (_, index) => `b${index}: boards { totalCount }`).join(' ')} }`;

  it('if the rules of its rows contain too many relations', () => {
    const rules = `extend type Board ${Array.from({ length: 4 }, () => `@allow(to: [READ], where: ${member})`).join(' ')}`;
    const most = requestLimits.ruleRelations / 4;
    expect(messageOf(rules, many(most))).toBe('');
    expect(messageOf(rules, many(most + 1))).toMatch(/more than 2000 relations/);
  });

  it('if the rules of its rows contain too many conditions', () => {
    const conditions = Array.from({ length: 250 }, (_, index) => `{ key: { eq: "K${index}" } }`);
    const rules = `extend type Board @allow(to: [READ], where: { or: [${conditions.join(' ')}] })`;
    const most = requestLimits.ruleConditions / conditions.length;
    expect(messageOf(rules, many(most))).toBe('');
    expect(messageOf(rules, many(most + 1))).toMatch(/more than 20000 conditions/);
  });
});
