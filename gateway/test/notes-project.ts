import type { TestApp } from './app.ts';
import { makeProject, type TestProject } from './project-api.ts';

/** What a caller reads of `Note` shows which rules apply to it. */
const sdl = `
  type User @model @user @allow(to: [READ], where: { id: { eq: "$user.id" } }) {
    id: ID! @id
    handle: String! @unique
    email: String @unique
    notes: [Note!]!
  }
  type Note @model
    @allow(to: [READ], as: PUBLIC, where: { open: { eq: true } })
    @allow(to: [READ, CREATE, UPDATE], where: { owner: { id: { eq: "$user.id" } } })
    @allow(to: [READ], claims: { role: { eq: "editor" } }) {
    id: ID! @id
    text: String!
    open: Boolean!
    owner: User! @preset(value: "$user.id")
  }
  type Claims @claims { role: String }
`;

/** The texts of the notes that a caller sees. */
export const notesQuery = '{ notes(orderBy: [{ text: ASC }]) { nodes { text } } }';

/** A project with the users `ada` and `bob`, who have a note each, and with a note for everyone. */
export interface NotesProject extends TestProject {
  readonly adaId: string;
  readonly bobId: string;
}

export async function makeNotes(app: TestApp): Promise<NotesProject> {
  const project = await makeProject(app, sdl);
  const idOf = async (handle: string, ...notes: readonly object[]): Promise<string> => {
    const { createUser } = await project.data(
      'mutation ($data: UserCreateInput!) { createUser(data: $data) { id } }',
      {
        data: {
          handle,
          email: `${handle}@example.com`,
          notes: { create: [{ text: `of ${handle}`, open: false }, ...notes] },
        },
      },
    );
    // The document selects only this field.
    return (createUser as { readonly id: string }).id;
  };
  const adaId = await idOf('ada', { text: 'open', open: true });
  return { ...project, adaId, bobId: await idOf('bob') };
}
