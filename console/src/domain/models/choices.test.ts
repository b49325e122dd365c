import { describe, expect, it } from 'vitest';

import { keysModel } from './keys.fixture.ts';
import type { KeyPart } from './project-models.ts';
import { trackerModel } from './tracker.fixture.ts';

import { choiceCondition } from './choices.ts';

const uuid = '0198c5f2-0000-7000-8000-000000000001';
const label: KeyPart = { name: 'code', type: { kind: 'SCALAR', name: 'String' } };
const contains = (text: string) => ({ contains: text, mode: 'INSENSITIVE' });

describe('the rows that a picker offers', () => {
  it('are all rows without a search text', () => {
    expect(choiceCondition(trackerModel('Issue'), ' ')).toBeNull();
  });

  it('have the search text in their label, or are identified by it', () => {
    const issue = trackerModel('Issue');
    expect(choiceCondition(issue, ' api ')).toEqual({ title: contains('api') });
    expect(choiceCondition(issue, uuid)).toEqual({
      or: [{ title: contains(uuid) }, { id: { eq: uuid } }],
    });
    expect(choiceCondition(keysModel('Shelf'), '42')).toEqual({
      or: [{ name: contains('42') }, { id: { eq: 42 } }],
    });
    expect(choiceCondition(keysModel('Label'), 'de')).toEqual({ code: contains('de') });
    expect(choiceCondition(keysModel('Person'), 'a@b')).toEqual({
      or: [{ email: contains('a@b') }, { id: contains('a@b') }],
    });
  });

  it('can be found by the parts of their key, alone or together', () => {
    const cell = keysModel('Cell');
    const whole = { shelfId: { eq: 7 }, itemId: { eq: '42' } };
    expect(choiceCondition(cell, '7')).toEqual({
      or: [{ shelfId: { eq: 7 } }, { itemId: { eq: '7' } }],
    });
    expect(choiceCondition(cell, '7, 42')).toEqual(whole);
    expect(choiceCondition(cell, '7 · 42')).toEqual(whole);
    const named = {
      ...cell,
      key: { name: 'a_b', parts: ['a', 'b'].map((name) => ({ ...label, name })) },
    };
    expect(choiceCondition(named, 'x,1 · y')).toEqual({
      or: [
        { a: { eq: 'x,1' }, b: { eq: 'y' } },
        { a: contains('x,1 · y') },
        { b: contains('x,1 · y') },
      ],
    });
  });

  it('are none if the text cannot be a value of the label or the key', () => {
    expect(choiceCondition(keysModel('Cell'), 'x')).toEqual({ or: [] });
  });
});
