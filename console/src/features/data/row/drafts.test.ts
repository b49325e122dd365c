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
    expect(write('Move', { cell: textDraft('A%2C1,42') }).data).toEqual({
      cellShelf: 'A,1',
      cellItemId: '42',
    });
    expect(write('Profile', { person: textDraft('42') }).data).toEqual({ userId: 42 });
    expect(write('Move', { cell: noValue }, { cell: textDraft('A,1') }).data).toEqual({
      cellShelf: null,
      cellItemId: null,
    });
  });

  it('is connected by the key of the row if the foreign key contains another value', () => {
    expect(write('Person', { country: textDraft('de') }).data).toEqual({
      country: { connect: { code: 'de' } },
    });
    expect(write('Person', { country: noValue }).data).toEqual({});
    expect(write('Person', { country: noValue }, { country: textDraft('de') }).data).toEqual({
      country: { disconnect: true },
    });
  });

  it('does not accept a row ID with the wrong parts', () => {
    expect(write('Move', { cell: textDraft('A') }).problems).toEqual([
      { name: 'cell', message: 'Choose a row.' },
    ]);
  });

  it('has the row in the draft', () => {
    const fields = writableFields(keysModel('Move'), 'UPDATE');
    const row = { _key0: id, cell: { _key0: 'A-1', _key1: '42' } };
    expect(fields.map((field) => draftOf(field, row))).toEqual([textDraft('A-1,42')]);
  });
});

describe('the key of a new row', () => {
  const names = (model: string) =>
    writableFields(keysModel(model), 'CREATE').map(({ name }) => name);
  it('is the last field if the API generates it, and required at its place otherwise', () => {
    expect(names('Item')).toEqual(['name', 'serial']);
    expect(names('Country')).toEqual(['code', 'slug', 'title']);
    expect(names('Cell')).toEqual(['shelf', 'item', 'amount']);
    const problems = (model: string) =>
      dataOf(writableFields(keysModel(model), 'CREATE'), {}, null).problems.map(({ name }) => name);
    expect(problems('Country')).toEqual(['code', 'slug']);
    expect(problems('Cell')).toEqual(['shelf', 'item', 'amount']);
    expect(problems('Item')).toEqual(['name']);
  });

  it('does not change in an existing row', () => {
    const updatable = (model: string) =>
      writableFields(keysModel(model), 'UPDATE').map(({ name }) => name);
    expect(updatable('Country')).toEqual(['slug', 'title']);
    expect(updatable('Cell')).toEqual(['amount']);
    expect(updatable('Profile')).toEqual(['text']);
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
    const move = keysModel('Move');
    expect(await placesOf(['data', 'cellItemId'], [], move)).toEqual(['cell']);
    const person = keysModel('Person');
    expect((await placesOf(['data', 'country', 'connect'], [], person))?.[0]).toBe('country');
  });
  it('is mapped to the form field if the row is created in a list of another row', async () => {
    const list = ['assigned', 'create', '0'];
    expect(await placesOf(['data', ...list, 'title'], list)).toEqual(['title']);
    expect(await placesOf(['title'], list)).toEqual(['title']);
  });
});
