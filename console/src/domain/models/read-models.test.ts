import { describe, expect, it } from 'vitest';

import { fieldNamed, labelFieldOf, modelNamed } from './project-models.ts';
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
    expect(models.map(({ idField, maxPageSize }) => [idField, maxPageSize])).toEqual(
      models.map(() => ['id', 100]),
    );
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
      isRequired: true,
      key: 'boardId',
      isCreatable: true,
      isUpdatable: true,
    });
    expect(fieldNamed(issue, 'assignee')).toMatchObject({ isRequired: false, key: 'assigneeId' });
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
