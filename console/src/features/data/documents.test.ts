import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';

import { trackerApi, trackerModel, trackerType } from '#console/lib/model/tracker.fixture.ts';

import { readSort, writeSort } from './data-search.ts';
import {
  choicesDocument,
  countDocument,
  countsDocument,
  createDocument,
  deleteDocument,
  orderByOf,
  pageDocument,
  rowDocument,
  rowSelection,
  updateDocument,
} from './documents.ts';

const schema = buildSchema(trackerApi);
const issue = trackerType('Issue');

describe('every document', () => {
  const within = { type: 'User', id: 'x', field: 'assigned' };
  const shapes = trackerModel.types.map((type) => ({ model: trackerModel, type }));
  const documents = [
    ...shapes.map((shape) =>
      pageDocument(shape, rowSelection(trackerModel, shape.type, shape.type.fields)),
    ),
    pageDocument({ model: trackerModel, type: issue, within }, 'id boardId'),
    countDocument({ model: trackerModel, type: issue, within }),
    ...shapes.map((shape) => countDocument(shape)),
    countsDocument(trackerModel.types),
    ...trackerModel.types.flatMap((type) => [
      rowDocument(trackerModel, type),
      choicesDocument(type),
      createDocument(type, type.mutations.create ?? ''),
      updateDocument(type, type.mutations.update ?? '', rowSelection(trackerModel, type, [])),
      deleteDocument(type, type.mutations.deleteMany ?? ''),
    ]),
  ];

  it.each(documents)('is valid: %s', (document) => {
    expect(validate(schema, parse(document))).toEqual([]);
  });
});

describe('an order in the address', () => {
  it('is read and written alike', () => {
    expect(readSort('-createdAt,title')).toEqual([
      { id: 'createdAt', desc: true },
      { id: 'title', desc: false },
    ]);
    expect(writeSort(readSort('-createdAt,title'))).toBe('-createdAt,title');
    expect(writeSort([])).toBeUndefined();
  });

  it('is by values, and by the label of the other row of a relation', () => {
    const orderBy = orderByOf(trackerModel, issue, readSort('-createdAt,assignee,due,meta,gone'));
    expect(orderBy).toEqual([
      { createdAt: 'DESC' },
      { assignee: { name: 'ASC_NULLS_LAST' } },
      { due: 'ASC_NULLS_LAST' },
    ]);
  });
});
