import type pg from 'pg';
import type { ChangeMarker, LogStatements } from '../../engine/migrations.ts';
import { netChanges, resetOf, type Change, type Commit, type LoggedChange } from './changes.ts';
import { endOfCommit, type LogPosition } from './cursor.ts';
import { presentNames, type PresentNames } from './present-names.ts';

/** How much to read at once. A larger transaction is read in several parts. */
export interface PageLimits {
  readonly changes: number;
  readonly bytes: number;
}

/** A connection in a transaction. */
export interface LogClient {
  readonly query: <Row extends pg.QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ) => Promise<Pick<pg.QueryResult<Row>, 'rows'>>;
}

interface Page {
  readonly commits: readonly Commit[];
  /** Null if there is nothing after the position. */
  readonly end: Pick<LogPosition, 'pos' | 'seq'> | null;
}

interface PageRow {
  readonly pos: string;
  readonly at: Date;
  readonly seq: string;
  /** Whether this is the last change of its transaction. */
  readonly isLast: boolean;
  readonly source: string;
  readonly operation: LoggedChange['operation'] | 'M';
  readonly key: string | null;
  readonly changed: readonly string[] | null;
  readonly old: string | null;
  readonly new: string | null;
  readonly left_out: readonly string[] | null;
}

interface Marker {
  readonly pos: bigint;
  readonly marker: ChangeMarker;
}

/** Reads the changes after a position, as changes of the present tables. */
export async function readPage(
  client: LogClient,
  statements: LogStatements,
  after: LogPosition,
  limits: PageLimits,
): Promise<Page> {
  const { changes: most, bytes } = limits;
  const { rows } = await client.query<PageRow>(statements.page, [
    after.pos.toString(),
    after.seq.toString(),
    most,
    bytes,
  ]);
  const page = wholeCommits(rows.slice(0, most));
  const last = page.at(-1);
  if (last === undefined) return { commits: [], end: null };
  const seq = last.isLast ? endOfCommit : BigInt(last.seq);
  const markers = await readMarkers(client, statements, after.pos - 1n);
  const logged = await withPresentNames(client, statements, page, markers);
  return {
    commits: commitsOf(page, logged, markers),
    end: { pos: BigInt(last.pos), seq },
  };
}

/** Leaves out the beginning of the last transaction, unless there is no other. */
function wholeCommits(rows: readonly PageRow[]): readonly PageRow[] {
  const end = rows.findLastIndex(({ isLast }) => isLast);
  return end === -1 ? rows : rows.slice(0, end + 1);
}

export async function readMarkers(
  client: LogClient,
  statements: LogStatements,
  after: bigint,
): Promise<readonly Marker[]> {
  const { rows } = await client.query<{ pos: string; marker: string }>(statements.markers, [
    after.toString(),
  ]);
  // Only the gateway writes markers.
  return rows.map(({ pos, marker }) => ({
    pos: BigInt(pos),
    marker: JSON.parse(marker) as ChangeMarker,
  }));
}

/** The changes with the present names of tables and columns. Null for those that are of no present table. */
async function withPresentNames(
  client: LogClient,
  statements: LogStatements,
  page: readonly PageRow[],
  markers: readonly Marker[],
): Promise<readonly (LoggedChange | null)[]> {
  const known = new Map<string, PresentNames>();
  const namesOf = ({ pos, source }: PageRow): PresentNames => {
    const later = markers.filter((marker) => marker.pos > BigInt(pos));
    const id = `${later.length} ${source}`;
    const names =
      known.get(id) ??
      presentNames(
        source,
        later.map(({ marker }) => marker),
      );
    known.set(id, names);
    return names;
  };
  const changes = page.map((row) =>
    row.operation === 'M' ? null : changeOf(row, row.operation, namesOf(row)),
  );
  await renameImages(client, statements, page, changes, namesOf);
  return changes;
}

function changeOf(
  row: PageRow,
  operation: LoggedChange['operation'],
  { table, columns, added, isReset }: PresentNames,
): LoggedChange | null {
  if (table === null) return null;
  const present = (names: readonly string[]) =>
    names.flatMap((name) => (Object.hasOwn(columns, name) ? (columns[name] ?? []) : name));
  const seq = BigInt(row.seq);
  if (isReset || operation === 'R' || row.key === null) {
    return { ...resetOf({ seq, table }), operation: 'R' };
  }
  // The statement makes an object with texts.
  const key = Object.entries(JSON.parse(row.key) as Record<string, string>).map(
    ([name, value]) => [present([name])[0] ?? name, value] as const,
  );
  return {
    seq,
    table,
    operation,
    key: Object.fromEntries(key),
    changed: present(row.changed ?? []),
    old: row.old,
    new: row.new,
    leftOut: [...present(row.left_out ?? []), ...added],
  };
}

/** Renames the members of the images in the database, which keeps all digits of numbers. */
async function renameImages(
  client: LogClient,
  statements: LogStatements,
  page: readonly PageRow[],
  changes: (LoggedChange | null)[],
  namesOf: (row: PageRow) => PresentNames,
): Promise<void> {
  const todo = page.flatMap((row, index) => {
    const change = changes[index] ?? null;
    const { columns } = namesOf(row);
    if (change === null || change.operation === 'R' || Object.keys(columns).length === 0) return [];
    return (['old', 'new'] as const).flatMap((member) => {
      const image = row[member];
      return image === null ? [] : [{ index, member, image, names: JSON.stringify(columns) }];
    });
  });
  if (todo.length === 0) return;
  const { rows } = await client.query<{ image: string | null }>(statements.rename, [
    todo.map(({ image }) => image),
    todo.map(({ names }) => names),
  ]);
  for (const [at, { index, member }] of todo.entries()) {
    const change = changes[index];
    if (change) changes[index] = { ...change, [member]: rows[at]?.image ?? '{}' };
  }
}

function commitsOf(
  page: readonly PageRow[],
  logged: readonly (LoggedChange | null)[],
  markers: readonly Marker[],
): readonly Commit[] {
  const commits = new Map<string, { row: PageRow; changes: LoggedChange[] }>();
  for (const [index, row] of page.entries()) {
    const commit = commits.get(row.pos) ?? { row, changes: [] };
    commits.set(row.pos, commit);
    const change = logged[index];
    if (change) commit.changes.push(change);
  }
  return [...commits.values()].map(({ row, changes }) => {
    const pos = BigInt(row.pos);
    const marker = markers.find((each) => each.pos === pos)?.marker ?? null;
    return {
      pos,
      at: row.at,
      version: marker?.version ?? null,
      changes: [
        ...netChanges(changes),
        ...resetsOf(
          row,
          marker,
          markers.filter((each) => each.pos > pos),
        ),
      ],
    };
  });
}

/** An apply changes rows without logging them, so it resets the tables whose values it changes. */
function resetsOf(
  { seq }: PageRow,
  marker: ChangeMarker | null,
  later: readonly Marker[],
): readonly Change[] {
  return (marker?.reset ?? []).flatMap((name) => {
    const { table } = presentNames(
      name,
      later.map((each) => each.marker),
    );
    return table === null ? [] : [resetOf({ seq: BigInt(seq), table })];
  });
}
