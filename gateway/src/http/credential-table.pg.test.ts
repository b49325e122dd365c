import { pino } from 'pino';
import { beforeAll, describe, expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';
import { useLocalIssuer } from '../../test/local-issuer.ts';
import { makeNotes, notesQuery, type NotesProject } from '../../test/notes-project.ts';
import { createKey, trustIssuers } from '../../test/project-settings.ts';
import { seedTenant } from '../../test/tenant.ts';
import { createApiKeyText } from '../control-plane/api-keys/api-key-format.ts';

const lines: string[] = [];
const app = useApp({
  env: { EGRESS_ALLOW_PRIVATE: 'true', TRUSTED_PROXY_HOPS: '1' },
  logger: pino({ level: 'debug' }, { write: (line) => lines.push(line) }),
});
const issuer = useLocalIssuer();

let project: NotesProject;
/** The texts of credentials, by the names in the tables. */
const texts = new Map<string, string>();

beforeAll(async () => {
  project = await makeNotes(app);
  const other = await makeNotes(app);
  await trustIssuers(app, project, [issuer.trusted({ userField: 'handle' })]);
  await trustIssuers(app, other, [issuer.trusted({ userField: 'handle' })]);
  const scopes = ['data.read', 'schema.read'];
  for (const [suffix, of] of [
    ['', project],
    [' of another project', other],
  ] as const) {
    texts.set(`secret${suffix}`, await createKey(app, of, { kind: 'SECRET', scopes }));
    texts.set(`publishable${suffix}`, await createKey(app, of, { kind: 'PUBLISHABLE', scopes }));
  }
  texts.set('unknown secret', createApiKeyText('SECRET').text);
  texts.set('unknown publishable', createApiKeyText('PUBLISHABLE').text);
  const { users } = project.tenant;
  const member = await app.accessTokenFor(users.DEVELOPER);
  texts.set('member', member);
  texts.set('viewer', await app.accessTokenFor(users.VIEWER));
  const stranger = (await seedTenant(app.db)).users.OWNER;
  texts.set('stranger', await app.accessTokenFor(stranger));
  texts.set('forged member', withOtherSignature(member));
  const user = await issuer.token();
  texts.set('user', user);
  texts.set('expired user', await issuer.token({ exp: Math.floor(Date.now() / 1_000) - 31 }));
  texts.set('forged user', withOtherSignature(user));
});

function withOtherSignature(token: string): string {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const other = Buffer.from(signature, 'base64url').fill(0, 0, 8).toString('base64url');
  return [header, payload, other].join('.');
}

/** The columns of the tables: what `X-API-Key` contains. */
const columns = [
  'none',
  'unreadable',
  'secret',
  'unknown secret',
  'secret of another project',
  'publishable',
  'unknown publishable',
  'publishable of another project',
] as const;

/** The cells of a table. */
const outcomes = {
  /** A server, which reads everything. */
  S: { notes: ['of ada', 'of bob', 'open'] },
  /** A member, who reads everything too. */
  M: { notes: ['of ada', 'of bob', 'open'] },
  /** The user Ada, or a member who views the project as her. */
  A: { notes: ['of ada', 'open'] },
  /** A signed-out caller, or a member who views the project as one. */
  P: { notes: ['open'] },
  1: { status: 401, code: 'UNAUTHENTICATED' },
  /** The header `X-View-As` is readable, but the token is not valid. */
  F: { status: 401, code: 'UNAUTHENTICATED' },
  3: { status: 403, code: 'FORBIDDEN' },
  4: { status: 400, code: 'BAD_REQUEST' },
  N: { status: 404, code: 'NOT_FOUND' },
} as const;
type Cell = keyof typeof outcomes;

/** The cells by what `Authorization` contains, in the order of `columns`. */
type Table = ReadonlyMap<string, readonly Cell[]>;

function table(text: string): Table {
  const rows = text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s{2,}/));
  return new Map(
    rows.map(([name = '', cells = '']) => [
      name,
      // The cells of the tables below are keys of `outcomes`. Others fail below, because they have no outcome.
      cells.split(' ') as readonly string[] as readonly Cell[],
    ]),
  );
}

const usual = table(`
  none                            1 1 S 1 N P 1 N
  unreadable                      1 1 1 1 1 1 1 1
  secret                          S 1 S 4 4 4 4 4
  unknown secret                  1 1 4 1 4 4 4 4
  secret of another project       N 1 4 4 N 4 4 4
  publishable                     P 1 4 4 4 P 4 4
  unknown publishable             1 1 4 4 4 4 1 4
  publishable of another project  N 1 4 4 4 4 4 N
  member                          M 1 4 4 4 4 4 4
  viewer                          M 1 4 4 4 4 4 4
  stranger                        N 1 4 4 4 4 4 4
  forged member                   1 1 4 4 4 4 4 4
  user                            4 1 A 1 N A 1 N
  expired user                    4 1 1 1 N 1 1 N
  forged user                     4 1 1 1 N 1 1 N
`);

/** For a page of another origin than the gateway's. */
const foreign = table(`
  none                            1 1 3 3 3 P 1 N
  unreadable                      1 1 1 1 1 1 1 1
  secret                          3 1 3 4 4 4 4 4
  unknown secret                  3 1 4 3 4 4 4 4
  secret of another project       3 1 4 4 3 4 4 4
  publishable                     P 1 4 4 4 P 4 4
  unknown publishable             1 1 4 4 4 4 1 4
  publishable of another project  N 1 4 4 4 4 4 N
  member                          M 1 4 4 4 4 4 4
  viewer                          M 1 4 4 4 4 4 4
  stranger                        N 1 4 4 4 4 4 4
  forged member                   1 1 4 4 4 4 4 4
  user                            4 1 3 3 3 A 1 N
  expired user                    4 1 3 3 3 1 1 N
  forged user                     4 1 3 3 3 1 1 N
`);

/** With \`X-View-As: public\`. */
const viewing = table(`
  none                            1 1 4 4 4 4 4 4
  unreadable                      1 1 1 1 1 1 1 1
  secret                          4 1 4 4 4 4 4 4
  unknown secret                  4 1 4 4 4 4 4 4
  secret of another project       4 1 4 4 4 4 4 4
  publishable                     4 1 4 4 4 4 4 4
  unknown publishable             4 1 4 4 4 4 4 4
  publishable of another project  4 1 4 4 4 4 4 4
  member                          P 1 4 4 4 4 4 4
  viewer                          3 1 4 4 4 4 4 4
  stranger                        N 1 4 4 4 4 4 4
  forged member                   F 1 4 4 4 4 4 4
  user                            4 1 4 4 4 4 4 4
  expired user                    4 1 4 4 4 4 4 4
  forged user                     4 1 4 4 4 4 4 4
`);

interface Variant {
  readonly name: string;
  readonly expected: Table;
  readonly headers: () => Readonly<Record<string, string>>;
  /** Replaces cells of the table. */
  readonly instead?: Partial<Record<Cell, Cell>>;
}

const view = (
  name: string,
  text: () => string,
  instead: Partial<Record<Cell, Cell>> = {},
): Variant => ({
  name: `the view ${name}`,
  expected: viewing,
  headers: () => ({ 'x-view-as': text() }),
  instead,
});

const variants: readonly Variant[] = [
  { name: 'nothing else', expected: usual, headers: () => ({}) },
  { name: 'a cookie', expected: usual, headers: () => ({ cookie: '__Host-a=1' }) },
  {
    name: 'the origin of the gateway',
    expected: usual,
    headers: () => ({ origin: 'http://tessera.test' }),
  },
  {
    name: 'another origin and a cookie',
    expected: foreign,
    headers: () => ({ origin: 'https://app.example', cookie: '__Host-a=1' }),
  },
  { name: 'an opaque origin', expected: foreign, headers: () => ({ origin: 'null' }) },
  view('as a signed-out caller', () => 'public'),
  view('as a user', () => `user:${project.adaId}`, { P: 'A' }),
  view('as a user, with an encoded id', () => `user:${encodeHex(project.adaId)}`, { P: 'A' }),
  ...['', 'PUBLIC', 'user:', 'user:%', 'user:%00', 'user:\u00e9', 'ada'].map((text) =>
    view(JSON.stringify(text), () => text, { P: 4, 3: 4, N: 4, F: 4 }),
  ),
];

const encodeHex = (text: string): string =>
  Buffer.from(text).toString('hex').replaceAll(/../g, '%$&');

interface Combination {
  readonly row: string;
  readonly column: string;
  readonly cell: Cell;
}

function combinations({ expected, instead = {} }: Variant): readonly Combination[] {
  return [...expected].flatMap(([row, cells]) => {
    expect(cells, row).toHaveLength(columns.length);
    return columns.map((column, index) => {
      const cell = cells[index] ?? 1;
      return { row, column, cell: instead[cell] ?? cell };
    });
  });
}

let clients = 0;

/** Each request has another client address, because many refusals of one client are delayed. */
function headersOf({ row, column }: Combination, { headers }: Variant): Record<string, string> {
  clients += 1;
  const forwarded = `10.${clients >> 16}.${(clients >> 8) & 255}.${clients & 255}`;
  const sent: Record<string, string> = { 'x-forwarded-for': forwarded, ...headers() };
  if (row !== 'none') {
    sent['authorization'] =
      row === 'unreadable'
        ? `Basic ${texts.get('secret') ?? ''}`
        : `Bearer ${texts.get(row) ?? ''}`;
  }
  if (column !== 'none') {
    sent['x-api-key'] = column === 'unreadable' ? 'a-key' : (texts.get(column) ?? '');
  }
  return sent;
}

interface Answer {
  readonly data?: { readonly notes: { readonly nodes: readonly { readonly text: string }[] } };
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

async function ask(headers: Record<string, string>): Promise<unknown> {
  const response = await fetch(project.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: notesQuery }),
  });
  // The project's API answers in this form.
  const { data, errors } = (await response.json()) as Answer;
  if (errors === undefined) return { notes: data?.notes.nodes.map(({ text }) => text) };
  const isChallenged = response.headers.has('www-authenticate');
  expect(isChallenged).toBe(response.status === 401);
  return { status: response.status, code: errors[0]?.extensions.code };
}

/** Sends requests at once, but not too many. */
async function inBatches<T>(items: readonly T[], send: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += 20) {
    await Promise.all(items.slice(start, start + 20).map(send));
  }
}

describe('every combination of Authorization and X-API-Key', () => {
  it.each(variants)('with $name is the caller in the table, or is refused', async (variant) => {
    const seen: Record<string, unknown> = {};
    const wanted: Record<string, unknown> = {};
    await inBatches(combinations(variant), async (combination) => {
      const name = `${combination.row} / ${combination.column}`;
      wanted[name] = outcomes[combination.cell];
      seen[name] = await ask(headersOf(combination, variant));
    });
    expect(seen).toEqual(wanted);
    expect(Object.keys(seen)).toHaveLength(15 * 8);
  });

  it('is treated alike by schema.graphql', async () => {
    const [variant] = variants;
    if (variant === undefined) throw new Error('There are variants.');
    await inBatches(combinations(variant), async (combination) => {
      const response = await fetch(`${app.url}/p/${project.ref}/schema.graphql`, {
        headers: headersOf(combination, variant),
      });
      const outcome = outcomes[combination.cell];
      const { row, column } = combination;
      expect(response.status, `${row} / ${column}`).toBe(
        'status' in outcome ? outcome.status : 200,
      );
      const text = await response.text();
      if (!('status' in outcome)) return;
      expect((JSON.parse(text) as { error: { code: string } }).error.code).toBe(outcome.code);
    });
  });

  it('leaves no part of a credential in the log', () => {
    const log = lines.join('');
    for (const principal of ['anonymous', 'apiKey', 'user', 'endUser']) {
      expect(log).toContain(`"principal":"${principal}"`);
    }
    for (const [name, text] of texts) {
      const parts = text.split('.').filter((part) => part.length > 20);
      for (const part of [text, ...parts]) expect(log, name).not.toContain(part);
    }
  });
});
