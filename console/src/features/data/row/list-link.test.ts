import { describe, expect, it } from 'vitest';

import { keysModel, keysModels } from '#console/domain/models/keys.fixture.ts';
import { modelNamed, type Model } from '#console/domain/models/project-models.ts';
import {
  modelsOf,
  trackerApi,
  trackerModel,
  trackerModels,
} from '#console/domain/models/tracker.fixture.ts';

import { writableFields } from './drafts.ts';
import { dataInList, draftsInList, fieldsInList, listLinkOf } from './list-link.ts';

const id = '0198c5f2-0000-7000-8000-000000000001';

describe('a new row in the list of another row', () => {
  it('has the ID of the other row in its foreign key', () => {
    const within = { type: 'Board', id, field: 'issues' };
    const link = listLinkOf(trackerModels, trackerModel('Issue'), within);
    expect(link).toMatchObject({ by: 'REFERENCE', relation: 'board' });
    expect(draftsInList(link, id)).toEqual({ board: { state: 'VALUE', text: id } });
    expect(dataInList({ boardId: id }, link, id)).toEqual({ boardId: id });
  });

  it('connects the other row in a many-to-many relation', () => {
    const within = { type: 'Issue', id, field: 'labels' };
    const link = listLinkOf(trackerModels, trackerModel('Label'), within);
    expect(link).toMatchObject({ by: 'CONNECT', inverse: 'issues' });
    expect(draftsInList(link, id)).toEqual({});
    expect(dataInList({ name: 'urgent' }, link, id)).toEqual({
      name: 'urgent',
      issues: { connect: [{ id }] },
    });
  });

  it('refers to a row with a key of several parts', () => {
    const within = { type: 'Cell', id: '7,42', field: 'checks' };
    const link = listLinkOf(keysModels, keysModel('Check'), within);
    expect(link).toMatchObject({ by: 'REFERENCE', relation: 'cell' });
    expect(draftsInList(link, '7,42')).toEqual({ cell: { state: 'VALUE', text: '7,42' } });
  });

  it('connects a row with a key of several parts', () => {
    const within = { type: 'Cell', id: '7,42', field: 'labels' };
    const link = listLinkOf(keysModels, keysModel('Label'), within);
    expect(dataInList({ code: 'x' }, link, '7,42')).toEqual({
      code: 'x',
      cells: { connect: [{ shelf_item: { shelfId: 7, itemId: '42' } }] },
    });
  });

  it('can have the key of the list in its own key', () => {
    const within = { type: 'Item', id: '42', field: 'cells' };
    const link = listLinkOf(keysModels, keysModel('Cell'), within);
    expect(link).toMatchObject({ by: 'REFERENCE', relation: 'item' });
  });

  it('is created by the other row if several relations lead to its model', () => {
    const models = modelsOf(
      trackerApi.replace(
        /^type User \{\n {2}id: ID!/m,
        'type User {\n  id: ID!\n  reported: IssueConnection!',
      ),
    );
    // The model is part of the API above.
    const issue = modelNamed(models, 'Issue') as Model;
    const link = listLinkOf(models, issue, { type: 'User', id, field: 'assigned' });
    expect(link).toMatchObject({ by: 'OWNER' });
    const required = fieldsInList(writableFields(issue, 'CREATE'), link)
      .filter((field) => field.kind === 'TO_ONE' && field.isRequired)
      .map(({ name }) => name);
    expect(required).toEqual(['board']);
  });

  it('is not linked if the list does not exist', () => {
    const within = { type: 'User', id, field: 'nothing' };
    expect(listLinkOf(trackerModels, trackerModel('Issue'), within)).toBeNull();
  });
});
