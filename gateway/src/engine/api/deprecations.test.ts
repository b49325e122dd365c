import { buildSchema, isEnumType, isInputObjectType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../../test/engine/project.ts';
import { buildApi } from './build-api.ts';
import { printApi } from './project-api.ts';

const model = readModel(`
  type Issue @model @unique(fields: ["number", "board"]) {
    id: ID! @id
    number: Int! @unique @deprecated(reason: "Use slug.")
    slug: String @deprecated
    board: Board! @deprecated(reason: "Use project.")
    project: Project
    state: State
  }
  type Board @model { id: ID! @id issues: [Issue!]! }
  type Project @model @deprecated(reason: "Projects end.") { id: ID! @id issues: [Issue!]! }
  enum State {
    "Not started."
    OPEN
    DONE @deprecated(reason: "Use CLOSED.")
  }
`);
const schema = buildSchema(
  printApi(buildApi(model, { read: 'ALL', write: 'ALL', introspect: true, rules: null })),
);

/** `{ slug: 'No longer supported' }`: the deprecated members of a type. */
function deprecated(name: string): Readonly<Record<string, string>> {
  const type = schema.getType(name);
  const members = isEnumType(type)
    ? type.getValues()
    : isObjectType(type)
      ? Object.values(type.getFields())
      : isInputObjectType(type)
        ? Object.values(type.getFields())
        : [];
  return Object.fromEntries(
    members.flatMap((member) =>
      member.deprecationReason == null ? [] : [[member.name, member.deprecationReason] as const],
    ),
  );
}

const slug = { slug: 'No longer supported' };
const number = { number: 'Use slug.' };
const board = { board: 'Use project.', boardId: 'Use project.' };
const project = { project: 'Projects end.', projectId: 'Projects end.' };

describe('@deprecated', () => {
  it('marks fields and the foreign keys of relations', () => {
    expect(deprecated('Issue')).toEqual({ ...number, ...slug, ...board, ...project });
    expect(deprecated('IssueSumAggregate')).toEqual(number);
  });

  it('marks inputs that are not required', () => {
    expect(deprecated('IssueWhereInput')).toEqual({ ...number, ...slug, ...board, ...project });
    expect(deprecated('IssueOrderByInput')).toEqual({
      ...number,
      ...slug,
      board: board.board,
      project: project.project,
    });
    expect(deprecated('IssueWhereUniqueInput')).toEqual(number);
    expect(deprecated('IssueCreateInput')).toEqual({ ...slug, ...board, ...project });
    expect(deprecated('IssueUpdateInput')).toEqual({ ...number, ...slug, ...board, ...project });
  });

  it('marks enum values, which keep their descriptions', () => {
    expect(deprecated('State')).toEqual({ DONE: 'Use CLOSED.' });
    const type = schema.getType('State');
    expect(isEnumType(type) && type.getValue('OPEN')?.description).toBe('Not started.');
  });

  it('marks everything that leads to a deprecated type', () => {
    expect(deprecated('Query')).toEqual({ project: 'Projects end.', projects: 'Projects end.' });
    expect(Object.keys(deprecated('Mutation'))).toEqual([
      'createProject',
      'createProjects',
      'updateProject',
      'updateProjects',
      'upsertProject',
      'deleteProject',
      'deleteProjects',
    ]);
    expect(deprecated('Board')).toEqual({});
  });
});
