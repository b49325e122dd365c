import { describe, expect, it } from 'vitest';

import { trackerModel } from '#console/domain/models/tracker.fixture.ts';
import { ApiError } from '#console/lib/api/errors.ts';

import { dataOf, noValue, textDraft, unset, withPlaces, writableFields } from './drafts.ts';

const issue = trackerModel('Issue');
const id = '0198c5f2-0000-7000-8000-000000000001';

describe('a new row', () => {
  const fields = writableFields(issue, 'CREATE');
  const read = (drafts: Parameters<typeof dataOf>[1]) => dataOf(fields, drafts, null);

  it('includes the entered values and leaves the rest to the defaults', () => {
    const { data, problems } = read({
      number: textDraft('7'),
      title: textDraft(''),
      boardId: textDraft(id),
      estimate: textDraft('1.50'),
      body: noValue,
    });
    expect(problems).toEqual([]);
    expect(data).toEqual({ number: 7, title: '', boardId: id, estimate: '1.50', body: null });
  });

  it('reports all missing and invalid values at once', () => {
    const { problems } = read({ title: unset, number: textDraft('x'), due: textDraft('soon') });
    expect(problems.map(({ name }) => name)).toEqual(['number', 'title', 'due', 'boardId']);
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
    assigneeId: textDraft(id),
    due: noValue,
  };
  it('includes only the changed fields', () => {
    const drafts = { ...before, title: textDraft('New'), assigneeId: noValue };
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

describe('an API error', () => {
  const placesOf = async (path: string[], below: string[] = []) => {
    const refused = new ApiError('BAD_USER_INPUT', 'Invalid.', {
      issues: [{ path, message: 'Invalid.' }],
    });
    const error: unknown = await withPlaces(issue, Promise.reject(refused), below).catch(
      (thrown: unknown) => thrown,
    );
    return error instanceof ApiError ? error.issues[0]?.path : null;
  };
  it('is mapped to the form field', async () => {
    expect(await placesOf(['row', 'data', 'title'])).toEqual(['title']);
    expect(await placesOf(['data', 'tags', '1'])).toEqual(['tags', '1']);
    expect(await placesOf(['board'])).toEqual(['boardId']);
  });
  it('is mapped to the form field if the row is created in a list of another row', async () => {
    const list = ['assigned', 'create', '0'];
    expect(await placesOf(['data', ...list, 'title'], list)).toEqual(['title']);
    expect(await placesOf(['title'], list)).toEqual(['title']);
  });
});
