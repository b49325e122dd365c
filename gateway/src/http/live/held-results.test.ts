import { expect, it } from 'vitest';
import { createAnswerBudget } from '../../platform/answer-budget.ts';
import { ByteList, bytesOf } from '../../platform/bytes.ts';
import { createHeldResults } from './held-results.ts';

const size = 100_000;
const limits = { perAnswer: 10 * size, total: 10 * size, perHolder: 3 * size };
const resultOf = (part: Buffer) =>
  new ByteList().add(bytesOf('{"data":')).add(part).add(bytesOf('}'));
const ownResult = () => resultOf(Buffer.alloc(size));

it('counts what subscribers have in common once, until the last one has it', () => {
  const budget = createAnswerBudget({ limits });
  const held = createHeldResults(budget);
  const part = Buffer.alloc(size);
  const releases = Array.from({ length: 100 }, () => held.hold('a', resultOf(part)));
  expect(budget.used).toBe(size);
  for (const release of releases.slice(1)) release?.();
  expect(budget.used).toBe(size);
  releases[0]?.();
  releases[0]?.();
  expect(budget.used).toBe(0);
});

it('refuses results beyond the memory of their project', () => {
  const budget = createAnswerBudget({ limits });
  const held = createHeldResults(budget);
  const [first] = Array.from({ length: 3 }, () => held.hold('a', ownResult()));
  expect(held.hold('a', ownResult())).toBeNull();
  expect(held.hold('a', ByteList.of('short'))).not.toBeNull();
  expect(held.hold('b', ownResult())).not.toBeNull();
  first?.();
  expect(held.hold('a', ownResult())).not.toBeNull();
  expect(budget.used).toBe(4 * size);
});
