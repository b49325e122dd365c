import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';

import { trackerApi, trackerModels, trackerModel } from '#console/domain/models/tracker.fixture.ts';

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
const issue = trackerModel('Issue');

describe('every document', () => {
  const within = { type: 'User', id: 'x', field: 'assigned' };
  const shapes = trackerModels.map((model) => ({ models: trackerModels, model }));
  const documents = [
    ...shapes.map((shape) =>
      pageDocument(shape, rowSelection(trackerModels, shape.model, shape.model.fields)),
    ),
    pageDocument({ models: trackerModels, model: issue, within }, 'id boardId'),
    countDocument({ models: trackerModels, model: issue, within }),
    ...shapes.map((shape) => countDocument(shape)),
    countsDocument(trackerModels),
    ...trackerModels.flatMap((model) => [
      rowDocument(trackerModels, model),
      choicesDocument(model),
      createDocument(model, model.mutations.create ?? ''),
      updateDocument(model, model.mutations.update ?? '', rowSelection(trackerModels, model, [])),
      deleteDocument(model, model.mutations.deleteMany ?? ''),
    ]),
  ];

  it.each(documents)('is valid for the API: %s', (document) => {
    expect(validate(schema, parse(document))).toEqual([]);
  });
});

describe('the sort parameter', () => {
  it('is parsed and serialized without loss', () => {
    expect(readSort('-createdAt,title')).toEqual([
      { id: 'createdAt', desc: true },
      { id: 'title', desc: false },
    ]);
    expect(writeSort(readSort('-createdAt,title'))).toBe('-createdAt,title');
    expect(writeSort([])).toBeUndefined();
  });

  it('sorts by values and by the labels of related rows, and ignores fields that cannot be sorted', () => {
    const orderBy = orderByOf(trackerModels, issue, readSort('-createdAt,assignee,due,meta,gone'));
    expect(orderBy).toEqual([
      { createdAt: 'DESC' },
      { assignee: { name: 'ASC_NULLS_LAST' } },
      { due: 'ASC_NULLS_LAST' },
    ]);
  });
});
