import { readFileSync } from 'node:fs';
import { buildSchema, isInputObjectType, isObjectType, type GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../../test/engine/project.ts';
import { accessKey, type ModelSet } from './access.ts';
import { buildApi } from './build-api.ts';
import { printApi } from './project-api.ts';

const tracker = readModel(
  readFileSync(new URL('../../../test/examples/tracker.graphql', import.meta.url), 'utf8'),
);
const some = (...names: string[]) => new Set(names);

function schemaFor(read: ModelSet, write: ModelSet): GraphQLSchema {
  return buildSchema(printApi(buildApi(tracker, { read, write, introspect: true, rules: null })));
}

/** The names of a type's fields, in order. Null if the type does not exist. */
function fieldsOf(schema: GraphQLSchema, name: string): readonly string[] | null {
  const type = schema.getType(name);
  if (isObjectType(type) || isInputObjectType(type)) return Object.keys(type.getFields());
  return null;
}

function typesOf(schema: GraphQLSchema): readonly string[] {
  return Object.keys(schema.getTypeMap()).filter((name) => !name.startsWith('__'));
}

describe('a caller that can read one type and write none', () => {
  const schema = schemaFor(some('Issue'), some());

  it('can query only that type', () => {
    expect(fieldsOf(schema, 'Query')).toEqual(['issue', 'issues']);
    expect(schema.getMutationType()).toBeUndefined();
    const others = /^(User|Board|Membership|Label|Comment|Role)/;
    expect(typesOf(schema).filter((name) => others.test(name))).toEqual([]);
    expect(typesOf(schema).filter((name) => /(Create|Update)Input|Batch/.test(name))).toEqual([]);
  });

  it('sees foreign keys to other types and relations to the same type', () => {
    expect(fieldsOf(schema, 'Issue')).toEqual(
      'id number title body status estimate due tags meta boardId assigneeId parentId parent children createdAt updatedAt'.split(
        ' ',
      ),
    );
  });

  it('can filter and sort only by visible fields', () => {
    const where = fieldsOf(schema, 'IssueWhereInput');
    expect(where).toEqual(expect.arrayContaining(['boardId', 'assigneeId', 'parent', 'children']));
    for (const hidden of ['board', 'assignee', 'labels', 'comments']) {
      expect(where).not.toContain(hidden);
    }
    const orderBy = fieldsOf(schema, 'IssueOrderByInput');
    expect(orderBy).toContain('parent');
    expect(orderBy).not.toContain('board');
    expect(fieldsOf(schema, 'IssueBoardNumberInput')).toEqual(['boardId', 'number']);
  });
});

describe('a caller that can write one type and read none', () => {
  const schema = schemaFor(some(), some('Issue'));

  it('has a placeholder as the only query field', () => {
    expect(fieldsOf(schema, 'Query')).toEqual(['_empty']);
  });

  it('sees only the ids of written rows', () => {
    expect(fieldsOf(schema, 'Issue')).toEqual(['id']);
    expect(fieldsOf(schema, 'IssueBatch')).toEqual(['count', 'nodes']);
  });

  it('has no mutations with filters, which would reveal the contents of rows', () => {
    expect(fieldsOf(schema, 'Mutation')).toEqual([
      'createIssue',
      'createIssues',
      'updateIssue',
      'upsertIssue',
      'deleteIssue',
    ]);
    const revealing = /(Where|ListWhere|OrderBy)Input$|Filter$|Connection$|Edge$|Aggregate$/;
    expect(typesOf(schema).filter((name) => revealing.test(name))).toEqual([]);
  });

  it('can create nested rows of types that it can write, but cannot connect rows', () => {
    const fields = fieldsOf(schema, 'IssueUpdateInput');
    expect(fields).toEqual(expect.arrayContaining(['boardId', 'parent', 'children']));
    for (const hidden of ['board', 'assignee', 'labels', 'comments']) {
      expect(fields).not.toContain(hidden);
    }
    expect(fieldsOf(schema, 'IssueNestedCreateInput')).toEqual(['create']);
    expect(fieldsOf(schema, 'IssueNestedListCreateInput')).toEqual(['create']);
    expect(fieldsOf(schema, 'IssueNestedUpdateInput')).toBeNull();
  });
});

describe('a caller that can read all types and write one', () => {
  const schema = schemaFor('ALL', some('Issue'));

  it('has only the mutations of that type', () => {
    expect(fieldsOf(schema, 'Mutation')).toEqual([
      'createIssue',
      'createIssues',
      'updateIssue',
      'updateIssues',
      'upsertIssue',
      'deleteIssue',
      'deleteIssues',
    ]);
    expect(fieldsOf(schema, 'Query')).toHaveLength(12);
  });

  it('can connect rows only if the writable type has the foreign key or a join table is used', () => {
    const fields = fieldsOf(schema, 'IssueUpdateInput');
    expect(fields).toEqual(expect.arrayContaining(['board', 'assignee', 'labels', 'children']));
    // The foreign key is on Comment.
    expect(fields).not.toContain('comments');
    expect(fieldsOf(schema, 'BoardNestedCreateInput')).toEqual(['connect']);
    expect(fieldsOf(schema, 'UserNestedUpdateInput')).toEqual(['connect', 'disconnect']);
    expect(fieldsOf(schema, 'LabelNestedListUpdateInput')).toEqual([
      'connect',
      'disconnect',
      'set',
    ]);
    expect(fieldsOf(schema, 'IssueNestedListUpdateInput')).toEqual([
      'connect',
      'create',
      'disconnect',
      'set',
    ]);
    expect(typesOf(schema)).not.toContain('BoardCreateInput');
  });
});

describe('a caller that can write one type and read another', () => {
  it('can connect rows of readable types and create rows of writable types', () => {
    const schema = schemaFor(some('Board'), some('Issue', 'Comment'));
    expect(fieldsOf(schema, 'BoardNestedCreateInput')).toEqual(['connect']);
    expect(fieldsOf(schema, 'CommentNestedListCreateInput')).toEqual(['create']);
    expect(fieldsOf(schema, 'Board')).toEqual(['id', 'key', 'name']);
    expect(fieldsOf(schema, 'Issue')).toEqual(['id']);
  });
});

describe('a caller without any access', () => {
  it('still has a valid API', () => {
    const schema = schemaFor(some(), some());
    expect(typesOf(schema)).toEqual(['Query', 'Boolean', 'String']);
  });

  it('gains no access from type names that are not in the model', () => {
    const schema = schemaFor(some('issue', 'Nope', '*'), some('ALL'));
    expect(typesOf(schema)).toEqual(['Query', 'Boolean', 'String']);
  });
});

describe('accessKey', () => {
  it('is equal if and only if the access is equal', () => {
    const keys = [
      { read: some('B', 'A'), write: some(), introspect: false, rules: null },
      { read: some(), write: some('B', 'A'), introspect: false, rules: null },
      { read: some('A', 'B'), write: some(), introspect: true, rules: null },
      { read: 'ALL', write: some(), introspect: false, rules: null },
      { read: some('ALL'), write: some(), introspect: false, rules: null },
    ] as const;
    expect(new Set(keys.map(accessKey)).size).toBe(keys.length);
    expect(accessKey({ read: some('A', 'B'), write: some(), introspect: false, rules: null })).toBe(
      accessKey(keys[0]),
    );
  });
});
