import { describe, expect, it } from 'vitest';

import { fieldNamed, labelFieldOf, modelNamed } from './project-models.ts';
import { keysModel, keysModels } from './keys.fixture.ts';
import { modelsOf, trackerApi, trackerModels, trackerModel } from './tracker.fixture.ts';

/** The API as a member with the VIEWER role sees it. */
const readOnlyApi = `schema { query: Query }\n${trackerApi}`;

describe('readModels', () => {
  it('returns the models in schema order, with their query fields', () => {
    const models = trackerModels;
    expect(models.map(({ name, one, many }) => [name, one, many])).toEqual([
      ['User', 'user', 'users'],
      ['Board', 'board', 'boards'],
      ['Membership', 'membership', 'memberships'],
      ['Issue', 'issue', 'issues'],
      ['Label', 'label', 'labels'],
      ['Comment', 'comment', 'comments'],
    ]);
    const key = { name: 'id', parts: [{ name: 'id', type: { kind: 'SCALAR', name: 'ID' } }] };
    expect(models.map((model) => [model.key, model.maxPageSize])).toEqual(
      models.map(() => [key, 100]),
    );
  });

  it('ignores the query for the row of the caller', () => {
    const api = trackerApi.replace('type Query {', 'type Query {\n  me: User\n');
    expect(modelsOf(api).map(({ name }) => name)).toEqual(trackerModels.map(({ name }) => name));
  });

  it('returns the type, list marker and nullability of value fields', () => {
    const values = trackerModel('Issue').fields.flatMap((field) =>
      field.kind === 'VALUE'
        ? [
            `${field.name}: ${field.isList ? '[' : ''}${field.type.name}${field.isRequired ? '!' : ''}`,
          ]
        : [],
    );
    expect(values).toEqual([
      'id: ID!',
      'number: Int!',
      'title: String!',
      'body: String',
      'status: Status!',
      'estimate: Decimal',
      'due: Date',
      'tags: [String!',
      'meta: JSON',
      'createdAt: DateTime!',
      'updatedAt: DateTime!',
    ]);
  });

  it('returns the rules for values in new rows and the fields that the API sets', () => {
    const issue = trackerModel('Issue');
    expect(fieldNamed(issue, 'title')).toMatchObject({
      create: { mustBeGiven: true, rules: '1 to 200 characters.' },
      isUpdatable: true,
    });
    expect(fieldNamed(issue, 'status')).toMatchObject({
      type: { kind: 'ENUM', values: ['BACKLOG', 'TODO', 'IN_PROGRESS', 'DONE'] },
      create: { mustBeGiven: false, rules: 'Default: `BACKLOG`.' },
    });
    expect(fieldNamed(issue, 'createdAt')).toMatchObject({ create: null, isUpdatable: false });
    expect(fieldNamed(issue, 'id')).toMatchObject({ isId: true, isUpdatable: false });
  });

  it('returns whether a field is sortable and which filter operators it has', () => {
    const issue = trackerModel('Issue');
    expect(fieldNamed(issue, 'meta')).toMatchObject({
      isSortable: false,
      operators: ['eq', 'contains', 'hasKey', 'isNull'],
    });
    expect(fieldNamed(issue, 'status')).toMatchObject({
      isSortable: true,
      operators: ['eq', 'neq', 'in', 'notIn', 'isNull'],
    });
    expect(fieldNamed(issue, 'tags')).toMatchObject({ isSortable: false });
  });

  it('merges the foreign key field into its relation', () => {
    const issue = trackerModel('Issue');
    expect(fieldNamed(issue, 'boardId')).toBeNull();
    expect(fieldNamed(issue, 'board')).toEqual({
      kind: 'TO_ONE',
      name: 'board',
      description: null,
      target: 'Board',
      targetKey: trackerModel('Board').key,
      isRequired: true,
      foreignKey: {
        fields: [{ name: 'boardId', type: { kind: 'SCALAR', name: 'ID' } }],
        hasKey: true,
      },
      isCreatable: true,
      isUpdatable: true,
    });
    expect(fieldNamed(issue, 'assignee')).toMatchObject({
      isRequired: false,
      foreignKey: { fields: [{ name: 'assigneeId' }] },
    });
  });

  it('finds the inverse fields of all relations, including self-relations and many-to-many relations', () => {
    const inverse = (type: string, field: string) => fieldNamed(trackerModel(type), field);
    expect(inverse('User', 'assigned')).toMatchObject({ target: 'Issue', inverse: 'assignee' });
    expect(inverse('Issue', 'children')).toMatchObject({ target: 'Issue', inverse: 'parent' });
    expect(inverse('Issue', 'labels')).toMatchObject({ target: 'Label', inverse: 'issues' });
  });

  it('returns which lists can be changed without creating or deleting rows', () => {
    const linkable = trackerModels.flatMap(({ name, fields }) =>
      fields.flatMap((field) =>
        field.kind === 'TO_MANY' && field.isLinkable ? [`${name}.${field.name}`] : [],
      ),
    );
    expect(linkable).toEqual(['User.assigned', 'Issue.children', 'Issue.labels', 'Label.issues']);
  });

  it('returns the mutation names', () => {
    expect(trackerModel('Membership').mutations).toEqual({
      create: 'createMembership',
      update: 'updateMembership',
      delete: 'deleteMembership',
      deleteMany: 'deleteMemberships',
    });
  });
});

describe('the keys of models', () => {
  const keys = keysModels.map(({ name, key }) => [
    name,
    key.name,
    ...key.parts.map((part) => `${part.name}: ${part.type.name}`),
  ]);

  it('have one or several parts of any type', () => {
    expect(keys).toEqual([
      ['Shelf', 'id', 'id: Int'],
      ['Item', 'id', 'id: BigInt'],
      ['Cell', 'shelf_item', 'shelfId: Int', 'itemId: BigInt'],
      ['Slot', 'cell_number', 'cellShelfId: Int', 'cellItemId: BigInt', 'number: Int'],
      ['Check', 'id', 'id: UUID'],
      ['Label', 'code', 'code: String'],
      ['Note', 'id', 'id: String'],
      ['Person', 'id', 'id: String'],
      ['Profile', 'personId', 'personId: String'],
      ['Day', 'date', 'date: Date'],
      ['Price', 'size_amount', 'size: Size', 'amount: Decimal'],
    ]);
  });

  it('are shown as a field, which is a separate one if no value is the key', () => {
    const shown = keysModels.map(({ fields }) =>
      fields.flatMap((field) => {
        if (field.kind === 'KEY') return [`${field.name} (separate)`];
        return field.kind === 'VALUE' && field.isId ? [field.name] : [];
      }),
    );
    expect(shown.flat()).toEqual([
      'id',
      'id',
      'shelf_item (separate)',
      'cell_number (separate)',
      'id',
      'code',
      'id',
      'id',
      'personId (separate)',
      'date',
      'size_amount (separate)',
    ]);
  });

  it('must be given in new rows unless they are generated, and do not change', () => {
    const rule = (model: string, name: string) => {
      const field = fieldNamed(keysModel(model), name);
      return field?.kind === 'VALUE' ? [field.create?.mustBeGiven, field.isUpdatable] : null;
    };
    expect(rule('Label', 'code')).toEqual([true, false]);
    expect(rule('Shelf', 'id')).toEqual([false, false]);
    expect(rule('Note', 'id')).toEqual([false, false]);
    expect(rule('Slot', 'number')).toEqual([true, false]);
    expect(fieldNamed(keysModel('Cell'), 'item')).toMatchObject({
      isRequired: true,
      isCreatable: true,
      isUpdatable: false,
    });
  });
});

describe('the foreign key of a relation', () => {
  const relation = (model: string, name: string) => fieldNamed(keysModel(model), name);

  it('has the fields in the order of the key that it contains', () => {
    expect(relation('Slot', 'cell')).toMatchObject({
      targetKey: keysModel('Cell').key,
      foreignKey: {
        fields: [
          { name: 'cellShelfId', type: { name: 'Int' } },
          { name: 'cellItemId', type: { name: 'BigInt' } },
        ],
        hasKey: true,
      },
      isUpdatable: false,
    });
    expect(keysModel('Slot').fields.map(({ name }) => name)).toEqual([
      ...['cell_number', 'cell', 'number', 'size'],
    ]);
  });

  it('can have other names, and contain a key that is not called id', () => {
    expect(relation('Check', 'cell')).toMatchObject({
      foreignKey: { fields: [{ name: 'checkedShelf' }, { name: 'checkedItem' }], hasKey: true },
      isUpdatable: true,
    });
    const renamed = modelsOf(
      trackerApi
        .replace(/^type Board \{\n {2}id: ID!/m, 'type Board {\n  ref: ID!')
        .replace(
          /^input BoardWhereUniqueInput @oneOf \{\n {2}id: ID/m,
          'input BoardWhereUniqueInput @oneOf {\n  ref: ID',
        ),
    );
    const issue = modelNamed(renamed, 'Issue');
    expect(issue === null ? null : fieldNamed(issue, 'board')).toMatchObject({
      targetKey: { name: 'ref' },
      foreignKey: { fields: [{ name: 'boardId' }], hasKey: true },
    });
  });

  it('can contain another unique value of the related row', () => {
    expect(relation('Note', 'shelf')).toMatchObject({
      foreignKey: { fields: [{ name: 'shelfId', type: { name: 'String' } }], hasKey: false },
      isCreatable: true,
      isUpdatable: true,
    });
    expect(relation('Person', 'profile')).toMatchObject({ foreignKey: null, isUpdatable: false });
  });

  it('is not in the list of a relation whose rows it identifies', () => {
    expect(relation('Item', 'cells')).toMatchObject({ isLinkable: false, inverse: 'item' });
    expect(relation('Cell', 'checks')).toMatchObject({ isLinkable: true, inverse: 'cell' });
    expect(relation('Cell', 'labels')).toMatchObject({ isLinkable: true, inverse: 'cells' });
  });
});

describe('the models for a member with read-only access', () => {
  it('have no mutations', () => {
    const models = modelsOf(readOnlyApi);
    expect(models).toHaveLength(6);
    for (const { mutations } of models) {
      expect(Object.values(mutations)).toEqual([null, null, null, null]);
    }
  });
});

describe('labelFieldOf', () => {
  it('leaves a text key such as a slug to the display of keys', () => {
    const labels = keysModels.map((model) => [model.name, labelFieldOf(model)?.name]);
    expect(Object.fromEntries(labels)).toMatchObject({
      Shelf: 'name',
      Item: 'title',
      Cell: undefined,
      Label: undefined,
      Note: 'text',
      Person: 'email',
      Price: undefined,
    });
  });

  it('prefers names and titles, then other strings', () => {
    const labels = trackerModels.map((model) => labelFieldOf(model)?.name ?? null);
    expect(labels).toEqual(['name', 'name', null, 'title', 'name', 'text']);
  });
});

describe('two relations between the same types', () => {
  it('have no inverse field, because the pairing is ambiguous', () => {
    const twice = trackerApi.replace(
      /^type User \{\n {2}id: ID!/m,
      'type User {\n  id: ID!\n  reported: IssueConnection!',
    );
    const user = modelNamed(modelsOf(twice), 'User');
    expect(user === null ? null : fieldNamed(user, 'assigned')).toMatchObject({ inverse: null });
  });
});
