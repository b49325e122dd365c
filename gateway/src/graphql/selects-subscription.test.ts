import { describe, expect, it } from 'vitest';

import { selectsSubscription } from './selects-subscription.ts';

describe('selectsSubscription', () => {
  it.each([
    ['subscription { a }', null, true],
    ['# subscription\nquery A { a } subscription B { b }', 'B', true],
    ['query A { a } subscription B { b }', 'A', false],
    ['{ subscription }', null, false],
    ['query subscription { a }', 'subscription', false],
    [
      'query A($subscription: [Int] = [1]) @subscription { a(b: { subscription: 1 }) }',
      null,
      false,
    ],
    ['fragment subscription on A { a } query B { ...subscription }', null, false],
    ['{ a(text: "} subscription {") }', null, false],
    ['fragment F on A { a } subscription ($b: Int) { ...F }', null, true],
    ['subscription "', null, false],
    ['" subscription { a }', null, false],
  ])('of %j with the name %j is %s', (query, operationName, expected) => {
    expect(selectsSubscription({ query, operationName })).toBe(expected);
  });
});
