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
  return buildSchema(printApi(buildApi(tracker, { read, write, introspect: true })));
}

/** The names of a type's fields, in order; null where there is no such type. */
function fieldsOf(schema: GraphQLSchema, name: string): readonly string[] | null {
  const type = schema.getType(name);
  if (isObjectType(type) || isInputObjectType(type)) return Object.keys(type.getFields());
  return null;
}

function typesOf(schema: GraphQLSchema): readonly string[] {
  return Object.keys(schema.getTypeMap()).filter((name) => !name.startsWith('__'));
}

describe('who may read one type', () => {
  const schema = schemaFor(some('Issue'), some());

  it('asks for it, and for nothing else', () => {
    expect(fieldsOf(schema, 'Query')).toEqual(['issue', 'issues']);
    expect(schema.getMutationType()).toBeUndefined();
    const others = /^(User|Board|Membership|Label|Comment|Role)/;
    expect(typesOf(schema).filter((name) => others.test(name))).toEqual([]);
    expect(typesOf(schema).filter((name) => /(Create|Update)Input|Batch/.test(name))).toEqual([]);
  });

  it('sees the keys of relations to others, and relations to itself', () => {
    expect(fieldsOf(schema, 'Issue')).toEqual(
      'id number title body status estimate due tags meta boardId assigneeId parentId parent children createdAt updatedAt'.split(
        ' ',
      ),
    );
  });

  it('filters and orders by what it sees', () => {
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

describe('who may only write', () => {
  const schema = schemaFor(some(), some('Issue'));

  it('has a Query that says nothing', () => {
    expect(fieldsOf(schema, 'Query')).toEqual(['_empty']);
  });

  it('sees of what it wrote the id alone', () => {
    expect(fieldsOf(schema, 'Issue')).toEqual(['id']);
    expect(fieldsOf(schema, 'IssueBatch')).toEqual(['count', 'nodes']);
  });

  it('has no mutation that tells by a filter what rows hold', () => {
    expect(fieldsOf(schema, 'Mutation')).toEqual([
      'createIssue',
      'createIssues',
      'updateIssue',
      'upsertIssue',
      'deleteIssue',
    ]);
    const telling = /(Where|ListWhere|OrderBy)Input$|Filter$|Connection$|Edge$|Aggregate$/;
    expect(typesOf(schema).filter((name) => telling.test(name))).toEqual([]);
  });

  it('creates within what it may write, and connects to nothing', () => {
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

describe('who may read all and write one', () => {
  const schema = schemaFor('ALL', some('Issue'));

  it('has the mutations of that one', () => {
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

  it('connects where the key is its own or a pair’s, and nowhere else', () => {
    const fields = fieldsOf(schema, 'IssueUpdateInput');
    expect(fields).toEqual(expect.arrayContaining(['board', 'assignee', 'labels', 'children']));
    // A comment holds the key of its issue.
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

describe('who may write a type and read another', () => {
  it('connects to what it reads, and creates what it writes', () => {
    const schema = schemaFor(some('Board'), some('Issue', 'Comment'));
    expect(fieldsOf(schema, 'BoardNestedCreateInput')).toEqual(['connect']);
    expect(fieldsOf(schema, 'CommentNestedListCreateInput')).toEqual(['create']);
    expect(fieldsOf(schema, 'Board')).toEqual(['id', 'key', 'name']);
    expect(fieldsOf(schema, 'Issue')).toEqual(['id']);
  });
});

describe('who may do nothing', () => {
  it('has an API all the same', () => {
    const schema = schemaFor(some(), some());
    expect(typesOf(schema)).toEqual(['Query', 'Boolean', 'String']);
  });

  it('is not helped by names that the model lacks', () => {
    const schema = schemaFor(some('issue', 'Nope', '*'), some('ALL'));
    expect(typesOf(schema)).toEqual(['Query', 'Boolean', 'String']);
  });
});

describe('accessKey', () => {
  it('is the same for the same access, and only then', () => {
    const keys = [
      { read: some('B', 'A'), write: some(), introspect: false },
      { read: some(), write: some('B', 'A'), introspect: false },
      { read: some('A', 'B'), write: some(), introspect: true },
      { read: 'ALL', write: some(), introspect: false },
      { read: some('ALL'), write: some(), introspect: false },
    ] as const;
    expect(new Set(keys.map(accessKey)).size).toBe(keys.length);
    expect(accessKey({ read: some('A', 'B'), write: some(), introspect: false })).toBe(
      accessKey(keys[0]),
    );
  });
});
