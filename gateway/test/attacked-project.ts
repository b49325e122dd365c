import { beforeAll } from 'vitest';

import type { TestApp } from './app.ts';
import type { LocalIssuer } from './local-issuer.ts';
import { makeProject, type TestProject } from './project-api.ts';
import { createKey, trustIssuers } from './project-settings.ts';

const sdl = `
  enum Role { MODERATOR READER }
  type Claims @claims { role: Role folders: [ID!] level: Int }

  type User @model @user @allow(to: [READ], as: PUBLIC) {
    id: ID! @id
    handle: String! @unique
    email: String! @unique @allow(to: [READ], where: { id: { eq: "$user.id" } })
    salary: Float @allow(to: [READ], where: { id: { eq: "$user.id" } })
    password: String @private
    bio: String @allow(to: [READ], where: { id: { eq: "$user.id" } })
    notes: [Note!]!
    diaries: [Diary!]!
  }
  type Folder @model
    @allow(to: [READ], as: PUBLIC, where: { name: { startsWith: "open" } })
    @allow(to: [READ], where: { notes: { some: { owner: { id: { eq: "$user.id" } } } } }) {
    id: ID! @id
    name: String! @unique
    notes: [Note!]!
  }
  type Note @model
    @allow(to: [READ], where: { owner: { id: { eq: "$user.id" } } })
    @allow(to: [READ], claims: { role: { eq: MODERATOR } }) {
    id: ID! @id
    text: String! @unique
    weight: Float
    folder: Folder!
    owner: User!
    comments: [Comment!]!
    labels: [Label!]!
  }
  type Diary @model @allow(to: [READ], where: { owner: { id: { eq: "$user.id" } } }) { id: ID! @id text: String! owner: User! }
  type Comment @model @allow(to: [READ], where: { note: { owner: { id: { eq: "$user.id" } } } }) {
    id: ID! @id
    text: String!
    note: Note!
  }
  type Label @model @allow(to: [READ], as: PUBLIC, where: { name: { neq: "hidden" } }) {
    id: ID! @id
    name: String! @unique
    notes: [Note!]!
  }
  type Unless @model @allow(to: [READ], where: { not: { folderId: { in: "$claims.folders" } } }) { id: ID! @id folderId: ID! }
  type Below @model @allow(to: [READ], where: { level: { lte: "$claims.level" } }) { id: ID! @id level: Int! }
  type Every @model @allow(to: [READ], where: { parts: { every: { level: { lte: "$claims.level" } } } }) { id: ID! @id parts: [Part!]! }
  type None @model @allow(to: [READ], where: { parts: { none: { level: { gt: "$claims.level" } } } }) { id: ID! @id parts: [Part!]! }
  type Part @model @allow(to: [READ], as: PUBLIC) { id: ID! @id level: Int! every: Every none: None }
`;

/** A project with access rules and the rows of two users, Ada and Bob. */
export interface AttackedProject {
  readonly project: TestProject;
  readonly tokens: Readonly<Record<'ada' | 'bob' | 'moderator' | 'reader' | 'stranger', string>>;
  /** The row of Ada, which everyone can read, but not all of its values. */
  readonly adasRow: string;
  /** A note of Ada, and its folder, which Bob cannot read. */
  readonly hiddenNote: string;
  readonly hiddenFolder: string;
  readonly hiddenDiary: string;
  /** Sends a query, each time from another client address. Without a token, the caller is signed out. */
  readonly ask: (query: string, token: string | null) => Promise<Response>;
  /** The data of an answer. @throws Error if the answer has errors */
  readonly dataOf: (
    query: string,
    token: string | null,
  ) => Promise<Readonly<Record<string, unknown>>>;
  readonly noteOf: typeof noteOf;
}

/** A diary and the bio of Ada, and the beginning of it, which Bob has. Cursors contain only the beginning. */
export const longText = 'm'.repeat(1_001);
const beginning = 'm'.repeat(300);

/** Creates the project before the tests of a file. The app must allow the private address of the issuer. */
export function useAttackedProject(app: TestApp, issuer: LocalIssuer): () => AttackedProject {
  let attacked: AttackedProject | null = null;
  beforeAll(async () => {
    attacked = await createAttacked(app, issuer);
  });
  return () => {
    if (attacked === null) throw new Error('The project is only available from beforeAll on.');
    return attacked;
  };
}

async function createAttacked(app: TestApp, issuer: LocalIssuer): Promise<AttackedProject> {
  const project = await makeProject(app, sdl);
  const claims = ['role', 'folders', 'level'].map((name) => ({ name, path: `app.${name}` }));
  await trustIssuers(app, project, [issuer.trusted({ userField: 'handle', claims })]);
  const publishable = await createKey(app, project, {
    kind: 'PUBLISHABLE',
    scopes: ['data.read', 'schema.read'],
  });
  const token = (sub: string, of = {}) => issuer.token({ claims: { sub, app: of } });
  const made = await project.data(
    `mutation ($ada: NoteCreateInput!, $heavy: NoteCreateInput!, $bob: NoteCreateInput!, $long: String!, $beginning: String!) {
      a: createUser(data: { handle: "ada", email: "ada@example.org", salary: 5000, password: "hunter2", bio: $long }) { id }
      b: createUser(data: { handle: "bob", email: "bob@example.org", salary: 10, bio: $beginning }) { id }
      openFolder: createFolder(data: { name: "open" }) { id }
      secretFolder: createFolder(data: { name: "secret plans" }) { id }
      bug: createLabel(data: { name: "bug" }) { id }
      hidden: createLabel(data: { name: "hidden" }) { id }
      adas: createNote(data: $ada) { id }
      heavy: createNote(data: $heavy) { id }
      bobs: createNote(data: $bob) { id }
      diary: createDiary(data: { text: $long, owner: { connect: { handle: "ada" } } }) { id }
      mine: createDiary(data: { text: $beginning, owner: { connect: { handle: "bob" } } }) { id }
    }`,
    {
      ada: noteOf('ada', 'secret plans', 'attack at dawn', 1.7e308, ['bug', 'hidden']),
      heavy: noteOf('ada', 'open', 'only a note', 1.7e308, ['hidden']),
      bob: noteOf('bob', 'open', 'buy milk', 2, ['bug', 'hidden']),
      long: longText,
      beginning,
    },
  );
  const hiddenFolder = idOf(made['secretFolder']);
  await project.data(
    `mutation ($folder: ID!) {
      createUnless(data: { folderId: $folder }) { id }
      createBelow(data: { level: -5 }) { id }
      createEvery(data: {}) { id }
      createNone(data: {}) { id }
    }`,
    { folder: hiddenFolder },
  );
  let clients = 0;
  const ask = (query: string, credential: string | null) => {
    clients += 1;
    return fetch(project.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-api-key': publishable,
        'x-forwarded-for': `10.0.${clients >> 8}.${clients & 255}`,
        ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
      },
      body: JSON.stringify({ query }),
    });
  };
  return {
    project,
    tokens: {
      ada: await token('ada'),
      bob: await token('bob'),
      moderator: await token('bob', { role: 'MODERATOR' }),
      reader: await token('bob', { role: 'READER' }),
      stranger: await token('stranger'),
    },
    adasRow: idOf(made['a']),
    hiddenNote: idOf(made['adas']),
    hiddenFolder,
    hiddenDiary: idOf(made['diary']),
    ask,
    async dataOf(query, credential) {
      const response = await ask(query, credential);
      // The project's API answers in this form.
      const { data, errors } = (await response.json()) as {
        readonly data?: Readonly<Record<string, unknown>>;
        readonly errors?: unknown;
      };
      if (errors !== undefined || data === undefined) throw new Error(JSON.stringify(errors));
      return data;
    },
    noteOf,
  };
}

function noteOf(
  owner: string,
  folder: string,
  text: string,
  weight: number,
  labels: readonly string[],
) {
  return {
    text,
    weight,
    owner: { connect: { handle: owner } },
    folder: { connect: { name: folder } },
    labels: { connect: labels.map((name) => ({ name })) },
    comments: { create: [{ text: `about ${text}` }] },
  };
}

function idOf(row: unknown): string {
  // The document above selects the id of rows.
  return (row as { readonly id: string }).id;
}
