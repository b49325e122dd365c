import { describe, expect, it } from 'vitest';

import { keysModel } from '#console/domain/models/keys.fixture.ts';
import { fieldNamed } from '#console/domain/models/project-models.ts';
import { trackerModels, trackerModel } from '#console/domain/models/tracker.fixture.ts';

import type { Filter } from '../data-search.ts';
import { conditionOf, operatorsOf, whereOf } from './filters.ts';

const issue = trackerModel('Issue');
const someId = '0198c5f2-0000-7000-8000-000000000001';

const conditionOn = (filter: Filter, model = issue) => {
  const condition = conditionOf(model, filter);
  return condition.isOk ? condition.where : condition.problem;
};

describe('a filter from the URL', () => {
  it.each<[Filter, unknown]>([
    [
      { field: 'title', operator: 'contains', value: 'api', ignoreCase: true },
      { title: { contains: 'api', mode: 'INSENSITIVE' } },
    ],
    [{ field: 'title', operator: 'eq', value: '' }, { title: { eq: '' } }],
    [{ field: 'number', operator: 'gte', value: '7' }, { number: { gte: 7 } }],
    [{ field: 'estimate', operator: 'lt', value: '0.10' }, { estimate: { lt: '0.10' } }],
    [
      { field: 'status', operator: 'in', value: ['TODO', 'DONE'] },
      { status: { in: ['TODO', 'DONE'] } },
    ],
    [{ field: 'due', operator: 'isNull' }, { due: { isNull: true } }],
    [{ field: 'due', operator: 'isNotNull' }, { due: { isNull: false } }],
    [{ field: 'tags', operator: 'has', value: 'api' }, { tags: { has: 'api' } }],
    [{ field: 'tags', operator: 'isEmpty' }, { tags: { isEmpty: true } }],
    [{ field: 'meta', operator: 'hasKey', value: 'a' }, { meta: { hasKey: 'a' } }],
    [{ field: 'meta', operator: 'contains', value: '{"a":1}' }, { meta: { contains: { a: 1 } } }],
    [{ field: 'board', operator: 'is', value: someId }, { boardId: { eq: someId } }],
    [{ field: 'assignee', operator: 'isMissing' }, { not: { assignee: {} } }],
    [
      { field: 'labels', operator: 'none', value: someId },
      { labels: { none: { id: { eq: someId } } } },
    ],
    [{ field: 'comments', operator: 'isMissing' }, { comments: { none: {} } }],
  ])('is converted from %j to a condition', (filter, condition) => {
    expect(conditionOn(filter)).toEqual(condition);
  });

  it.each<Filter>([
    { field: 'gone', operator: 'eq', value: '1' },
    { field: 'number', operator: 'contains', value: '1' },
    { field: 'number', operator: 'eq', value: 'x' },
    { field: 'number', operator: 'in', value: [] },
    { field: 'number', operator: 'in', value: ['1', 'x'] },
    { field: 'board', operator: 'is', value: 'x' },
    { field: 'board', operator: 'isMissing' },
  ])('is rejected with a reason if it is %j', (filter) => {
    expect(conditionOn(filter)).toEqual(expect.any(String));
  });
});

describe('a filter on related rows', () => {
  it.each<[string, Filter, unknown]>([
    [
      'Check',
      { field: 'cell', operator: 'is', value: '7,42' },
      { checkedShelf: { eq: 7 }, checkedItem: { eq: '42' } },
    ],
    [
      'Check',
      { field: 'cell', operator: 'isNot', value: '7,42' },
      { cell: { not: { shelfId: { eq: 7 }, itemId: { eq: '42' } } } },
    ],
    ['Cell', { field: 'shelf', operator: 'isNot', value: '7' }, { shelfId: { neq: 7 } }],
    ['Note', { field: 'shelf', operator: 'is', value: '7' }, { shelf: { id: { eq: 7 } } }],
    [
      'Note',
      { field: 'shelf', operator: 'isNot', value: '7' },
      { shelf: { not: { id: { eq: 7 } } } },
    ],
    [
      'Item',
      { field: 'cells', operator: 'some', value: '7,42' },
      { cells: { some: { shelfId: { eq: 7 }, itemId: { eq: '42' } } } },
    ],
  ])('of %s identifies the row by its key: %j', (model, filter, condition) => {
    expect(conditionOn(filter, keysModel(model))).toEqual(condition);
  });

  it('is rejected if the row cannot exist', () => {
    const filter = { field: 'cell', operator: 'is', value: '7' };
    expect(conditionOn(filter, keysModel('Check'))).toBe('Choose a row.');
  });

  it('is not possible on a key that consists of several fields', () => {
    const filter = { field: 'shelf_item', operator: 'eq', value: '7,42' };
    expect(conditionOn(filter, keysModel('Cell'))).toEqual(expect.any(String));
  });
});

describe('the operators of all fields', () => {
  it('include all API operators except `ilike`', () => {
    const fields = trackerModels.flatMap((model) => model.fields);
    const inApi = new Set(
      fields.flatMap((field) => (field.kind === 'VALUE' ? field.operators : [])),
    );
    const offered = new Set(fields.flatMap(operatorsOf).map(({ name }) => name));
    expect([...inApi].filter((name) => !offered.has(name))).toEqual(['ilike']);
  });
});

describe('whereOf', () => {
  const filters: Filter[] = [
    { field: 'number', operator: 'eq', value: '1' },
    { field: 'gone', operator: 'eq', value: '1' },
    { field: 'title', operator: 'eq', value: 'x' },
  ];

  it('combines the filters with `and` or `or`, and ignores invalid ones', () => {
    const both = [{ number: { eq: 1 } }, { title: { eq: 'x' } }];
    expect(whereOf(issue, { filters })).toEqual({ and: both });
    expect(whereOf(issue, { filters, match: 'any' })).toEqual({ or: both });
  });

  it('returns null if there are no valid filters', () => {
    expect(whereOf(issue, {})).toBeNull();
    expect(
      whereOf(issue, { filters: [{ field: 'gone', operator: 'eq' }], match: 'any' }),
    ).toBeNull();
  });
});

describe('the operators of a field', () => {
  const named = (name: string) => {
    const field = fieldNamed(issue, name);
    return field === null ? [] : operatorsOf(field).map((operator) => operator.name);
  };
  it('match the API, and include null operators only for nullable fields', () => {
    expect(named('status')).toEqual(['eq', 'neq', 'in', 'notIn']);
    expect(named('due')).toEqual([
      ...['eq', 'neq', 'in', 'notIn', 'lt', 'lte', 'gt', 'gte'],
      ...['isNull', 'isNotNull'],
    ]);
    expect(named('tags')).toEqual(['has', 'hasSome', 'hasEvery', 'isEmpty', 'isNotEmpty']);
    expect(named('assignee')).toEqual(['is', 'isNot', 'isMissing', 'isThere']);
    expect(named('board')).toEqual(['is', 'isNot']);
  });
});
