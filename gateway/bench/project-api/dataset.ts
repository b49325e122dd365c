import type pg from 'pg';

import { idPrefix, statuses, type DatasetSize, type KeyKind } from './dataset-ids.ts';
import { bigBoard, firstInsertBoard, insertBoards } from './shapes.ts';

const users = 1_000;
const labels = 50;

/**
 * Fills a project's tables as a superuser, without constraint checks and without using the API. Creates as many boards
 * and issues as `size` specifies, one board with 100 issues of 10 kB of text each, and boards for the benchmark's
 * inserts. Also adds a default for ids, which the peers need but Tessera does not.
 */
export async function fillDataset(
  client: pg.ClientBase,
  schema: string,
  size: DatasetSize,
  keys: KeyKind = 'uuid',
): Promise<void> {
  await client.query(`SET search_path = ${client.escapeIdentifier(schema)}`);
  await client.query(`SET session_replication_role = replica`);
  for (const statement of statementsFor(size, keys)) await client.query(statement);
  await client.query(`SET session_replication_role = DEFAULT`);
  await client.query('VACUUM (ANALYZE)');
  await client.query('CHECKPOINT');
}

function statementsFor(size: DatasetSize, keys: KeyKind): readonly string[] {
  const { boards, issuesPerBoard } = size;
  const id = (prefix: string, index: string) => idOf(prefix, index, keys);
  const [board, user] = [id(idPrefix.board, 'b'), (index: string) => id(idPrefix.user, index)];
  /** The columns and values of an issue's key, without its number. */
  const [keyColumn, key] =
    keys === 'composite'
      ? ['', () => '']
      : ['id, ', (of: string) => `${id(idPrefix.issue, `${of} * 10000 + n`)}, `];
  const [reference, referenced] =
    keys === 'composite'
      ? ['issue_board_id, issue_number', `${board}, n`]
      : ['issue_id', id(idPrefix.issue, 'b * 10000 + n')];
  const joined = keys === 'composite' ? 'i.board_id, i.number' : 'i.id';
  return [
    ...defaultIds(keys),
    `INSERT INTO "user" (id, email, name)
       SELECT ${user('u')}, 'user' || u || '@example.org', 'User ' || u
       FROM generate_series(0, ${users - 1}) u`,
    insertBoardsFrom(`generate_series(0, ${boards})`, board),
    insertBoardsFrom(
      `generate_series(${firstInsertBoard}, ${firstInsertBoard + insertBoards - 1})`,
      board,
    ),
    `INSERT INTO membership (role, board_id, user_id)
       SELECT CASE m WHEN 0 THEN 'OWNER' ELSE 'MEMBER' END,
         ${board}, ${user(`(b * 7 + m) % ${users}`)}
       FROM generate_series(0, ${boards - 1}) b, generate_series(0, 6) m`,
    `INSERT INTO label (name) SELECT 'label ' || l FROM generate_series(1, ${labels}) l`,
    `INSERT INTO issue (${keyColumn}number, title, body, status, estimate, due, tags, board_id, assignee_id,
         created_at, updated_at)
       SELECT ${key('b')}n, 'Issue ' || n || ' of board ' || b, repeat('A line of text. ', n % 8),
         (ARRAY['${statuses.join("', '")}'])[1 + (n * 7 + n / 5 + b) % 4], (n * 13 + b) % 40 + 0.5,
         DATE '2026-01-01' + n % 300, ARRAY['tag' || n % 9], ${board},
         CASE WHEN n % 3 > 0 THEN ${user(`(b * 7 + n % 7) % ${users}`)} END, at, at
       FROM generate_series(0, ${boards - 1}) b, generate_series(1, ${issuesPerBoard}) n,
         LATERAL (SELECT TIMESTAMPTZ '2026-01-01' + n * INTERVAL '17 min' + b * INTERVAL '1.001 s' AS at)`,
    `INSERT INTO issue (${keyColumn}number, title, body, board_id)
       SELECT ${key(String(bigBoard(size)))}n, 'A long one',
         (SELECT string_agg(md5((n * 1000 + part)::text), ' ') FROM generate_series(1, 303) part),
         ${id(idPrefix.board, String(bigBoard(size)))}
       FROM generate_series(1, 100) n`,
    `INSERT INTO comment (text, ${reference}, author_id, created_at)
       SELECT 'Comment ' || c || ' on issue ' || n || ' of board ' || b, ${referenced},
         ${user(`(b * 7 + c) % ${users}`)},
         TIMESTAMPTZ '2026-06-01' + n * INTERVAL '1 min' + c * INTERVAL '1 s'
       FROM generate_series(0, ${boards - 1}) b, generate_series(1, ${issuesPerBoard}) n,
         LATERAL generate_series(1, CASE WHEN n > ${issuesPerBoard - 20} THEN 7 ELSE n % 5 END) c`,
    `INSERT INTO "issue:labels:join" (${reference}, label_id)
       SELECT ${joined}, l.id FROM issue i
         JOIN (SELECT id, row_number() OVER () AS position FROM label) l ON l.position = i.number % ${labels * 2}`,
    ...(keys === 'integer' ? [`SELECT setval('"issue:id:seq"', (SELECT max(id) FROM issue))`] : []),
  ];
}

/** Only the peers need a default for the ids of issues. The other tables are filled without ids. */
function defaultIds(keys: KeyKind): readonly string[] {
  if (keys !== 'uuid') return [];
  return ['issue', 'membership', 'label', 'comment'].map(
    (table) => `ALTER TABLE ${table} ALTER id SET DEFAULT uuidv7()`,
  );
}

const insertBoardsFrom = (series: string, id: string): string =>
  `INSERT INTO board (id, key, name)
     SELECT ${id}, ${keyOf('b')}, 'Board ' || b FROM ${series} b`;

/** Four letters, to match the schema's pattern. */
const keyOf = (number: string): string =>
  `'B' || chr(65 + ${number} / 676) || chr(65 + ${number} / 26 % 26) || chr(65 + ${number} % 26)`;

/** SQL that computes the same ids as `dataset-ids.ts`. */
const idOf = (prefix: string, index: string, keys: KeyKind): string =>
  keys === 'uuid'
    ? `('${prefix}-0000-7000-8000-' || lpad(to_hex(${index}), 12, '0'))::uuid`
    : `(${index} + 1)`;
