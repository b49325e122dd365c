import { describe, expect, it } from 'vitest';

import { keysModel } from '#console/domain/models/keys.fixture.ts';
import { trackerModel } from '#console/domain/models/tracker.fixture.ts';
import { ApiError } from '#console/lib/api/errors.ts';

import {
  dataOf,
  draftOf,
  noValue,
  textDraft,
  unset,
  withPlaces,
  writableFields,
} from './drafts.ts';

const issue = trackerModel('Issue');
const id = '0198c5f2-0000-7000-8000-000000000001';

describe('a new row', () => {
  const fields = writableFields(issue, 'CREATE');
  const read = (drafts: Parameters<typeof dataOf>[1]) => dataOf(fields, drafts, null);

  it('includes the entered values and leaves the rest to the defaults', () => {
    const { data, problems } = read({
      number: textDraft('7'),
      title: textDraft(''),
      board: textDraft(id),
      estimate: textDraft('1.50'),
      body: noValue,
    });
    expect(problems).toEqual([]);
    expect(data).toEqual({ number: 7, title: '', boardId: id, estimate: '1.50', body: null });
  });

  it('reports all missing and invalid values at once', () => {
    const { problems } = read({ title: unset, number: textDraft('x'), due: textDraft('soon') });
    expect(problems.map(({ name }) => name)).toEqual(['number', 'title', 'due', 'board']);
  });

  it('excludes fields that the API sets, and has the ID last', () => {
    const names = fields.map(({ name }) => name);
    expect(names).not.toContain('createdAt');
    expect(names[0]).toBe('number');
    expect(names.at(-1)).toBe('id');
  });
});

describe('an update', () => {
  const fields = writableFields(issue, 'UPDATE');
  const before = {
    title: textDraft('Old'),
    body: textDraft('text'),
    assignee: textDraft(id),
    due: noValue,
  };
  it('includes only the changed fields', () => {
    const drafts = { ...before, title: textDraft('New'), assignee: noValue };
    expect(dataOf(fields, drafts, before)).toEqual({
      data: { title: 'New', assigneeId: null },
      problems: [],
    });
  });
  it('distinguishes an empty string from null', () => {
    expect(dataOf(fields, { ...before, body: textDraft('') }, before).data).toEqual({ body: '' });
    expect(dataOf(fields, { ...before, body: noValue }, before).data).toEqual({ body: null });
  });
  it('rejects an empty required field', () => {
    expect(dataOf(fields, { ...before, title: unset }, before).problems).toHaveLength(1);
  });
});

describe('a relation', () => {
  const write = (
    model: string,
    drafts: Parameters<typeof dataOf>[1],
    before: Parameters<typeof dataOf>[2] = null,
  ) =>
    dataOf(
      writableFields(keysModel(model), before === null ? 'CREATE' : 'UPDATE').filter(
        ({ name }) => name in drafts,
      ),
      drafts,
      before,
    );

  it('is written by all fields of its foreign key, in the types of the API', () => {
    expect(write('Check', { cell: textDraft('7,42') }).data).toEqual({
      checkedShelf: 7,
      checkedItem: '42',
    });
    expect(write('Profile', { person: textDraft('a%2Cb') }).data).toEqual({ personId: 'a,b' });
    expect(write('Check', { cell: noValue }, { cell: textDraft('7,42') }).data).toEqual({
      checkedShelf: null,
      checkedItem: null,
    });
  });

  it('is connected by the key of the row if the foreign key contains another value', () => {
    expect(write('Note', { shelf: textDraft('7') }).data).toEqual({
      shelf: { connect: { id: 7 } },
    });
    expect(write('Note', { shelf: noValue }).data).toEqual({});
    expect(write('Note', { shelf: noValue }, { shelf: textDraft('7') }).data).toEqual({
      shelf: { disconnect: true },
    });
  });

  it('does not accept a row ID with the wrong parts', () => {
    expect(write('Check', { cell: textDraft('7') }).problems).toEqual([
      { name: 'cell', message: 'Choose a row.' },
    ]);
  });

  it('has the row in the draft', () => {
    const fields = writableFields(keysModel('Check'), 'UPDATE');
    const row = { _key0: id, at: null, cell: { _key0: 7, _key1: '42' } };
    expect(fields.map((field) => draftOf(field, row))).toEqual([noValue, textDraft('7,42')]);
  });
});

describe('the key of a new row', () => {
  const names = (model: string) =>
    writableFields(keysModel(model), 'CREATE').map(({ name }) => name);
  it('is the last field if the API generates it, and required at its place otherwise', () => {
    expect(names('Item')).toEqual(['title', 'whole', 'id']);
    expect(names('Label')).toEqual(['code', 'color']);
    expect(names('Cell')).toEqual(['shelf', 'item', 'amount']);
    const problems = (model: string) =>
      dataOf(writableFields(keysModel(model), 'CREATE'), {}, null).problems.map(({ name }) => name);
    expect(problems('Label')).toEqual(['code']);
    expect(problems('Cell')).toEqual(['shelf', 'item']);
    expect(problems('Slot')).toEqual(['cell', 'number']);
    expect(problems('Item')).toEqual(['title']);
  });

  it('does not change in an existing row', () => {
    const updatable = (model: string) =>
      writableFields(keysModel(model), 'UPDATE').map(({ name }) => name);
    expect(updatable('Label')).toEqual(['color']);
    expect(updatable('Cell')).toEqual(['amount']);
    expect(updatable('Slot')).toEqual(['size']);
    expect(updatable('Profile')).toEqual(['bio']);
  });
});

describe('an API error', () => {
  const placesOf = async (path: string[], below: string[] = [], model = issue) => {
    const refused = new ApiError('BAD_USER_INPUT', 'Invalid.', {
      issues: [{ path, message: 'Invalid.' }],
    });
    const error: unknown = await withPlaces(model, Promise.reject(refused), below).catch(
      (thrown: unknown) => thrown,
    );
    return error instanceof ApiError ? error.issues[0]?.path : null;
  };
  it('is mapped to the form field', async () => {
    expect(await placesOf(['row', 'data', 'title'])).toEqual(['title']);
    expect(await placesOf(['data', 'tags', '1'])).toEqual(['tags', '1']);
    expect(await placesOf(['data', 'boardId'])).toEqual(['board']);
    expect(await placesOf(['board'])).toEqual(['board']);
    expect(await placesOf(['data', 'checkedItem'], [], keysModel('Check'))).toEqual(['cell']);
    const note = keysModel('Note');
    expect((await placesOf(['data', 'shelf', 'connect'], [], note))?.[0]).toBe('shelf');
  });
  it('is mapped to the form field if the row is created in a list of another row', async () => {
    const list = ['assigned', 'create', '0'];
    expect(await placesOf(['data', ...list, 'title'], list)).toEqual(['title']);
    expect(await placesOf(['title'], list)).toEqual(['title']);
  });
});
