import { describe, expect, it } from 'vitest';

import { keysModel } from '#console/domain/models/keys.fixture.ts';
import { trackerModel } from '#console/domain/models/tracker.fixture.ts';

import { choiceCondition } from './choices.ts';

const uuid = '0198c5f2-0000-7000-8000-000000000001';
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
    expect(choiceCondition(keysModel('Person'), '42')).toEqual({
      or: [{ email: contains('42') }, { id: { eq: 42 } }],
    });
    expect(choiceCondition(keysModel('Country'), 'de')).toEqual({
      or: [{ title: contains('de') }, { code: contains('de') }],
    });
  });

  it('can be found by the parts of their key, alone or together', () => {
    const cell = keysModel('Cell');
    expect(choiceCondition(cell, 'A-1')).toEqual({ shelf: contains('A-1') });
    expect(choiceCondition(cell, 'A-1, 42')).toEqual({
      or: [{ shelf: { eq: 'A-1' }, itemId: { eq: '42' } }, { shelf: contains('A-1, 42') }],
    });
    expect(choiceCondition(cell, 'A,1 · 42')).toEqual({
      or: [{ shelf: { eq: 'A,1' }, itemId: { eq: '42' } }, { shelf: contains('A,1 · 42') }],
    });
  });

  it('are none if the text cannot be a value of the label or the key', () => {
    expect(choiceCondition(keysModel('Move'), 'x')).toEqual({ or: [] });
  });
});
