import { describe, expect, it } from 'vitest';

import { createAnswerBudget, smallAnswerBytes } from './answer-budget.ts';

const share = 10 * smallAnswerBytes;
const limits = { perAnswer: 8 * smallAnswerBytes, perHolder: share, total: 2 * share };

describe('the memory for an answer', () => {
  it('is limited over all parts of the answer', () => {
    const refused: string[] = [];
    const budget = createAnswerBudget({ limits, onRefusal: (refusal) => refused.push(refusal) });
    const memory = budget.open('p');
    expect(memory.reserve(limits.perAnswer - 1)).toBeNull();
    expect(memory.reserve(2)).toBe('TOO_LARGE');
    expect(memory.reserve(1)).toBeNull();
    expect(memory.reserved).toBe(limits.perAnswer);
    expect(refused).toEqual(['TOO_LARGE']);
  });

  it('is limited by holder and in total', () => {
    const budget = createAnswerBudget({ limits });
    const large = share / 2;
    expect(budget.open('p').reserve(large)).toBeNull();
    expect(budget.open('p').reserve(large)).toBeNull();
    expect(budget.open('p').reserve(smallAnswerBytes + 1)).toBe('OVER_BUDGET');
    expect(budget.open('q').reserve(large)).toBeNull();
    expect(budget.open('q').reserve(large)).toBeNull();
    expect(budget.open('r').reserve(smallAnswerBytes + 1)).toBe('OVER_BUDGET');
    expect(budget.used).toBe(limits.total);
  });

  it('has room for small answers when large answers have used their share', () => {
    const budget = createAnswerBudget({ limits });
    budget.open('p').reserve(share / 2);
    budget.open('p').reserve(share / 2);
    const room = share / 4 / smallAnswerBytes;
    for (let count = 0; count < Math.floor(room); count += 1) {
      const small = budget.open('p');
      expect(small.check()).toBeNull();
      expect(small.reserve(smallAnswerBytes)).toBeNull();
    }
    expect(budget.open('p').reserve(smallAnswerBytes)).toBe('OVER_BUDGET');
  });

  it('is free after the answer was sent, and cannot be reserved again', () => {
    const budget = createAnswerBudget({ limits });
    const memory = budget.open('p');
    memory.reserve(100);
    memory.add(50);
    expect(budget.used).toBe(150);
    memory.close();
    memory.close();
    expect(budget.used).toBe(0);
    expect(memory.reserve(1)).toBe('CLOSED');
    memory.add(1);
    expect(budget.used).toBe(0);
  });

  it('starts again with a new attempt', () => {
    const budget = createAnswerBudget({ limits });
    const memory = budget.open('p');
    memory.reserve(limits.perAnswer);
    memory.restart();
    expect(budget.used).toBe(0);
    expect(memory.reserve(limits.perAnswer)).toBeNull();
  });

  it('can be exceeded only by what must be sent', () => {
    const budget = createAnswerBudget({ limits });
    budget.open('p').add(2 * limits.total);
    expect(budget.open('q').check()).toBe('OVER_BUDGET');
    expect(budget.open('q').reserve(1)).toBe('OVER_BUDGET');
  });

  describe('for a statement whose last answer was large', () => {
    const mebibyte = 1_048_576;
    const large = { perAnswer: 8 * mebibyte, perHolder: 8 * mebibyte, total: 16 * mebibyte };
    const statement = 'SELECT FROM p_x.issue';

    const budgetAfter = (bytes: number) => {
      const budget = createAnswerBudget({ limits: large });
      const memory = budget.open('p');
      expect(memory.begin(statement)).toBeNull();
      memory.reserve(bytes);
      memory.close();
      return budget;
    };

    it('is reserved before the statement runs', () => {
      const budget = budgetAfter(5 * mebibyte);
      const memory = budget.open('p');
      expect(memory.begin(statement)).toBeNull();
      expect(budget.used).toBe(5 * mebibyte);
      expect(budget.open('p').begin(statement)).toBe('OVER_BUDGET');
      expect(budget.open('p').begin('SELECT FROM p_x.board')).toBeNull();
      expect(memory.reserve(100)).toBeNull();
      expect(budget.used).toBe(100);
      memory.close();
      expect(budget.used).toBe(0);
    });

    it('is released if no row arrives', () => {
      const budget = budgetAfter(5 * mebibyte);
      const memory = budget.open('p');
      memory.begin(statement);
      memory.close();
      expect(budget.used).toBe(0);
    });

    it('is not reserved after an answer that was short', () => {
      const budget = budgetAfter(5 * mebibyte);
      const memory = budget.open('p');
      memory.begin(statement);
      memory.reserve(100);
      memory.close();
      expect(budget.open('p').begin(statement)).toBeNull();
      expect(budget.used).toBe(0);
    });

    it('is at most that of the largest permitted answer', () => {
      const budget = budgetAfter(large.perAnswer + 1);
      expect(budget.open('p').begin(statement)).toBeNull();
      expect(budget.used).toBe(large.perAnswer);
    });
  });
});
