import { createHash } from 'node:crypto';

import { beforeAll, describe, expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';
import { longText, useAttackedProject } from '../../test/attacked-project.ts';
import { useLocalIssuer } from '../../test/local-issuer.ts';

// What callers with access rules try, to learn something about rows and values that they cannot read.

const app = useApp({ env: { EGRESS_ALLOW_PRIVATE: 'true', TRUSTED_PROXY_HOPS: '1' } });
const issuer = useLocalIssuer();

const attacked = useAttackedProject(app, issuer);

beforeAll(async () => {
  const forged = await forgedCursor();
  const guessed = await guessedText();
  const guessedBio = await guessedValue();
  for (const answers of [before, after]) {
    if (answers === after) await changeHiddenData();
    for (const { name, query } of attacks) await note(answers, name, query);
    await note(answers, 'a guessed value', forged);
    await note(answers, 'the hash of a text in a hidden row', guessed);
    await note(answers, 'the hash of a hidden text in a row that it can read', guessedBio);
    await noteMistakes(answers);
  }
});

/** Everything of a response that does not name the request. */
async function shown(response: Response): Promise<string> {
  const changing = ['date', 'x-request-id', 'ratelimit-remaining', 'ratelimit-reset'];
  const headers = [...response.headers].filter(([name]) => !changing.includes(name));
  const body = (await response.text()).replaceAll(/"requestId":"[^"]*"/g, '');
  return JSON.stringify([response.status, headers, body]);
}

/** The answers of Bob and of the server by the names of the attacks. */
type Answers = Map<string, { readonly bob: string; readonly server: string }>;
const before: Answers = new Map();
const after: Answers = new Map();

async function note(answers: Answers, name: string, query: string): Promise<void> {
  const { ask, project, tokens } = attacked();
  answers.set(name, {
    bob: await shown(await ask(query, tokens.bob)),
    server: JSON.stringify(await project.ask(query)),
  });
}

/** Deletes the rows that Bob cannot read, and gives the values that he cannot read other values. */
async function changeHiddenData(): Promise<void> {
  await attacked().project.data(`mutation {
    diaries: deleteDiaries(where: { owner: { handle: { eq: "ada" } } }, atMost: 10) { count }
    comments: deleteComments(where: { note: { owner: { handle: { eq: "ada" } } } }, atMost: 10) { count }
    notes: deleteNotes(where: { owner: { handle: { eq: "ada" } } }, atMost: 10) { count }
    folder: deleteFolder(where: { name: "secret plans" }) { id }
    label: deleteLabel(where: { name: "hidden" }) { id }
    ada: updateUser(where: { handle: "ada" }, data: { email: "zoe@example.org", salary: null, password: null, bio: null }) { id }
  }`);
}

const values = 'nodes { handle email salary }';

/** Each query returns something else to a server when the hidden data changes. */
const attacks: readonly { readonly name: string; readonly query: string }[] = [
  [
    'looks for absent values',
    '{ users(where: { salary: { isNull: true } }) { nodes { handle } } }',
  ],
  ['reads all rows', '{ notes { nodes { id text weight } } }'],
  ['finds a row by its unique field', '{ note(where: { text: "attack at dawn" }) { id } }'],
  ['selects a hidden field', `{ users(orderBy: { handle: ASC }) { ${values} } }`],
  [
    'follows a to-many relation',
    '{ users(orderBy: { handle: ASC }) { nodes { handle notes { nodes { text } totalCount } } } }',
  ],
  ['follows a many-to-many relation', '{ labels { nodes { name notes { nodes { text } } } } }'],
  [
    'follows both sides of a many-to-many relation',
    '{ notes(where: { labels: { some: { name: { eq: "bug" } } } }) { nodes { labels { nodes { name } totalCount } } } }',
  ],
  [
    'guesses a hidden value by its beginning',
    '{ users(where: { email: { startsWith: "ada" } }) { nodes { handle } } }',
  ],
  [
    'guesses a hidden number by its size',
    '{ users(where: { salary: { gt: 4999 } }) { nodes { handle } totalCount } }',
  ],
  [
    'excludes a guessed value',
    '{ users(where: { not: { email: { eq: "ada@example.org" } } }) { nodes { handle } } }',
  ],
  [
    'guesses with neq, notIn and isNull',
    `{ users(orderBy: { handle: ASC }, where: { or: [
      { email: { neq: "zoe@example.org" } }, { salary: { notIn: [1] } }, { salary: { isNull: false } }
    ], not: { salary: { lt: 100 } } }) { nodes { handle } } }`,
  ],
  ['finds a user by a hidden key', '{ user(where: { email: "ada@example.org" }) { handle } }'],
  [
    'guesses a hidden value of a related row',
    '{ folders(where: { notes: { some: { owner: { email: { endsWith: "ada@example.org" } } } } }) { nodes { name } } }',
  ],
  [
    'filters by rows that it cannot read: some',
    '{ users(where: { notes: { some: { text: { contains: "dawn" } } } }) { nodes { handle } } }',
  ],
  [
    'filters by rows that it cannot read: none',
    '{ users(where: { notes: { none: { text: { contains: "dawn" } } } }) { nodes { handle } } }',
  ],
  [
    'filters by rows that it cannot read: every',
    '{ users(where: { notes: { every: { text: { contains: "o" } } } }) { nodes { handle } } }',
  ],
  [
    'filters by rows that it cannot read: a to-one relation',
    '{ users(where: { notes: { some: { folder: { name: { contains: "plans" } } } } }) { nodes { handle } } }',
  ],
  [
    'filters by the absence of rows',
    '{ labels(where: { notes: { none: {} } }) { nodes { name } } users(where: { notes: { none: {} } }) { nodes { handle } } }',
  ],
  ['sorts by a hidden field', `{ users(orderBy: { email: DESC }) { nodes { handle } } }`],
  [
    'sorts by a hidden number',
    `{ users(orderBy: { salary: ASC_NULLS_FIRST }) { nodes { handle } } }`,
  ],
  [
    'sorts by a hidden field of a related row',
    '{ folders(orderBy: { name: ASC }) { nodes { notes(orderBy: { owner: { salary: DESC } }) { edges { cursor node { text } } } } } }',
  ],
  [
    'reads cursors of hidden values',
    '{ users(orderBy: { email: ASC }) { edges { cursor } pageInfo { startCursor endCursor } } }',
  ],
  [
    'looks for rows before and after a page',
    '{ notes(orderBy: { text: ASC }, first: 1) { nodes { text } pageInfo { hasNextPage hasPreviousPage endCursor } } }',
  ],
  [
    'reads a page from its end',
    '{ notes(orderBy: { text: DESC }, last: 1) { nodes { text } pageInfo { hasNextPage hasPreviousPage } } }',
  ],
  [
    'skips rows',
    '{ notes(orderBy: { text: ASC }, offset: 1) { nodes { text } pageInfo { hasPreviousPage } } }',
  ],
  ['counts rows', '{ notes { totalCount } comments { totalCount } }'],
  ['counts matching rows', '{ notes(where: { text: { contains: "dawn" } }) { totalCount } }'],
  ['counts by an aggregate', '{ notes { aggregate { count min { weight } max { weight } } } }'],
  ['makes a sum of hidden rows overflow', '{ notes { aggregate { sum { weight } } } }'],
  ['averages hidden rows', '{ notes { aggregate { avg { weight } } } }'],
  [
    'aggregates a hidden field',
    '{ users { aggregate { count sum { salary } avg { salary } min { salary } max { salary } } } }',
  ],
  [
    'aggregates related rows',
    '{ folders(where: { name: { startsWith: "open" } }) { nodes { notes { totalCount aggregate { max { weight } } } } } }',
  ],
  [
    'aggregates rows that a guess selects',
    '{ users(where: { salary: { gt: 4999 } }) { aggregate { count } } }',
  ],
].map(([name = '', query = '']) => ({ name, query }));

describe('a caller sees nothing of hidden rows and values if it', () => {
  it.each(attacks)('$name', ({ name }) => {
    const [old, now] = [before.get(name), after.get(name)];
    // The hidden data does matter to the query: a server notices the change.
    expect(now?.server).not.toBe(old?.server);
    expect(now?.bob).toBe(old?.bob);
    expect(old?.bob).toMatch(/^\[200,.*"data\\":/);
    expect(old?.bob).not.toContain('errors');
  });
});

/** The parts of the first cursor of the only list in an answer. */
async function cursorParts(response: Response): Promise<readonly unknown[]> {
  const text = /"cursor":"([^"]+)"/.exec(await response.text())?.[1] ?? '';
  // Cursors are JSON lists.
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as readonly unknown[];
}

const cursorOf = (parts: readonly unknown[]) =>
  Buffer.from(JSON.stringify(parts)).toString('base64url');

/** A query for the users after a guessed address, with a cursor that the caller changed. */
async function forgedCursor(): Promise<string> {
  const { ask, tokens } = attacked();
  const order = 'orderBy: [{ email: DESC }, { handle: ASC }]';
  const list = `{ users(${order}, first: 1) { edges { cursor } } }`;
  const [signature, , , ...key] = await cursorParts(await ask(list, tokens.bob));
  const other = cursorOf([signature, 'mmm', 'a', ...key]);
  return `{ users(${order}, after: "${other}") { nodes { handle } pageInfo { hasPreviousPage hasNextPage } } }`;
}

/** The parts of a cursor whose text is cut: the beginning of the text and its hash. */
const cutText = [longText.slice(0, 250), createHash('sha256').update(longText).digest('hex')];

/**
 * A query for the diaries after Ada's. Cursors contain the beginning of a long text and a hash of the whole text, with
 * which the text is read again.
 */
async function guessedText(): Promise<string> {
  const { ask, tokens, hiddenDiary } = attacked();
  const list = '{ diaries(orderBy: { text: ASC }) { edges { cursor } } }';
  const [signature] = await cursorParts(await ask(list, tokens.bob));
  const cursor = cursorOf([signature, cutText, hiddenDiary]);
  return `{ diaries(orderBy: { text: ASC }, after: "${cursor}") { nodes { id } } }`;
}

/** A query for the users after Ada, whose row Bob can read without the bio. */
async function guessedValue(): Promise<string> {
  const { ask, tokens, adasRow } = attacked();
  const list = '{ users(orderBy: { bio: ASC }) { edges { cursor } } }';
  const [signature] = await cursorParts(await ask(list, tokens.bob));
  const cursor = cursorOf([signature, cutText, adasRow]);
  return `{ users(orderBy: { bio: ASC }, after: "${cursor}") { nodes { handle } } }`;
}

it.each([
  'a guessed value',
  'the hash of a text in a hidden row',
  'the hash of a hidden text in a row that it can read',
])('a caller sees nothing of hidden values with a cursor that contains %s', (name) => {
  const [old, now] = [before.get(name), after.get(name)];
  expect(now?.server).not.toBe(old?.server);
  expect(now?.bob).toBe(old?.bob);
  expect(old?.bob).toMatch(/^\[200,.*"data\\":/);
});

/** Requests for hidden rows, and the same for rows that do not exist. */
async function noteMistakes(answers: Answers): Promise<void> {
  const { ask, tokens, hiddenFolder, hiddenNote } = attacked();
  const absent = '0198c5f2-7a3b-7c41-9d0e-5b6f1a2c3d4e';
  const queries = {
    'a row by its key': (id: string) => `{ note(where: { id: "${id}" }) { text } }`,
    'a row by its foreign key': (id: string) =>
      `{ notes(where: { folderId: { eq: "${id}" } }) { nodes { text } totalCount } }`,
    'the page after a row': (id: string) => `{ notes(after: "${id}") { nodes { text } } }`,
  };
  for (const [name, query] of Object.entries(queries)) {
    const hidden = name.includes('foreign') ? hiddenFolder : hiddenNote;
    answers.set(name, {
      bob: await shown(await ask(query(hidden), tokens.bob)),
      server: await shown(await ask(query(absent), tokens.bob)),
    });
  }
}

it.each(['a row by its key', 'a row by its foreign key', 'the page after a row'])(
  'a request for %s that is hidden gets the same bytes as for one that does not exist',
  (name) => {
    expect(before.get(name)?.bob).toBe(before.get(name)?.server);
    expect(after.get(name)?.bob).toBe(before.get(name)?.bob);
  },
);
