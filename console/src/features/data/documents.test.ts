import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';

import { keysApi, keysModel, keysModels } from '#console/domain/models/keys.fixture.ts';
import type { Model, ProjectModels } from '#console/domain/models/project-models.ts';
import { choicesDocument } from '#console/domain/models/reference-documents.ts';
import { trackerApi, trackerModels, trackerModel } from '#console/domain/models/tracker.fixture.ts';

import { readSort, writeSort } from './data-view.ts';
import {
  countDocument,
  countsDocument,
  createDocument,
  createInListDocument,
  deleteDocument,
  linksDocument,
  orderByOf,
  pageDocument,
  rowDocument,
  rowSelection,
  updateDocument,
} from './documents.ts';

const issue = trackerModel('Issue');

/** Every document for a model. */
function documentsOf(models: ProjectModels, model: Model): readonly string[] {
  const shape = { models, model };
  const lists = model.fields.flatMap((field) => {
    const target = models.find(({ name }) => field.kind === 'TO_MANY' && name === field.target);
    return target === undefined ? [] : [{ field: field.name, target }];
  });
  return [
    pageDocument(shape, rowSelection(models, model, model.fields)),
    countDocument(shape),
    rowDocument(models, model),
    choicesDocument(model),
    createDocument(model, model.mutations.create ?? ''),
    updateDocument(model, model.mutations.update ?? '', rowSelection(models, model, [])),
    deleteDocument(model, model.mutations.deleteMany ?? ''),
    ...lists.flatMap(({ field, target }) => {
      const within = { type: model.name, id: 'x', field };
      const selection = rowSelection(models, target, target.fields);
      return [
        pageDocument({ models, model: target, within }, selection),
        countDocument({ models, model: target, within }),
        linksDocument(model, field, target),
        createInListDocument({ updateField: model.mutations.update ?? '', field }, model, target),
      ];
    }),
  ];
}

describe.each([
  ['the tracker', trackerApi, trackerModels],
  ['a project with keys of every kind', keysApi, keysModels],
])('every document for %s', (_project, api, models) => {
  const schema = buildSchema(api);
  const documents = [
    countsDocument(models),
    ...models.flatMap((model) => documentsOf(models, model)),
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

  it('sorts by the key of related rows that are shown with their key, unless its order has no meaning', () => {
    const sort = (model: string, text: string) =>
      orderByOf(keysModels, keysModel(model), readSort(text));
    expect(sort('Note', 'shelf')).toEqual([{ shelf: { name: 'ASC_NULLS_LAST' } }]);
    expect(sort('Cell', 'item,shelf_item')).toEqual([{ item: { title: 'ASC_NULLS_LAST' } }]);
    expect(sort('Check', 'cell')).toEqual([]);
    const untitled = keysModels.map((model) =>
      model.name === 'Item'
        ? { ...model, fields: model.fields.filter(({ name }) => name === 'id') }
        : model,
    );
    expect(orderByOf(untitled, keysModel('Cell'), readSort('item'))).toEqual([
      { item: { id: 'ASC_NULLS_LAST' } },
    ]);
  });
});
