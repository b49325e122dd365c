import { parse } from 'graphql';
import type { ProjectApi } from '../../src/engine/api/project-api.ts';
import type { JsonValue, ModelType } from '../../src/engine/sdl/model.ts';
import { literal } from './document-writer.ts';
import type { Input } from './input.ts';
import { randomInput } from './random-input.ts';
import type { KnownRows } from './random-keys.ts';
import { pageOf } from './page.ts';
import type { SqlSide } from './sql-side.ts';
import { keyOf } from './keys.ts';
import type { Row } from './row.ts';
import type { Store } from './store.ts';
import type { Tape } from './tape.ts';

/** A list to page through. */
export interface Listing {
  readonly type: ModelType;
  readonly where: JsonValue;
  readonly orderBy: JsonValue;
}

type Direction = 'FORWARD' | 'BACKWARD';

export function randomListing(
  { index, schema }: ProjectApi,
  tape: Tape,
  known: KnownRows,
): Listing {
  const type = tape.pick(index.model.types);
  const args = schema.getQueryType()?.getFields()[type.names.many]?.args ?? [];
  const value = (name: string): JsonValue => {
    const argument = args.find((each) => each.name === name);
    if (argument === undefined) throw new Error(`${type.names.many} has no argument ${name}.`);
    const place = { index, tape, depth: 2, known };
    return randomInput(place, argument.type, name);
  };
  return { type, where: tape.oneIn(2) ? value('where') : {}, orderBy: value('orderBy') };
}

/** Returns the keys of all rows in a listing, in order. */
export function wholeListing(store: Store, { type, where, orderBy }: Listing): readonly string[] {
  const args: Input = { where, orderBy, first: Number.POSITIVE_INFINITY };
  const positionAt = () => {
    throw new Error('Unexpected use of a cursor.');
  };
  const { rows } = pageOf(store, { type, rows: store.all(type.name), args, positionAt });
  return rows.map((row) => keyOf(store.index, type, row));
}

interface PageAnswer {
  readonly nodes: readonly Row[];
  readonly pageInfo: { readonly more: boolean; readonly cursor: string | null };
}

/**
 * Reads all pages, with random page sizes, and returns the keys of their rows.
 * @throws Error if there are more pages than there can be rows
 */
export async function pageThrough(
  side: SqlSide,
  api: ProjectApi,
  listing: Listing,
  { direction, tape }: { readonly direction: Direction; readonly tape: Tape },
): Promise<readonly string[]> {
  const { type } = listing;
  const document = parse(pageQuery(api, listing, direction));
  const found: string[] = [];
  let cursor: string | null = null;
  for (let most = 100; most > 0; most -= 1) {
    const size = 1 + tape.below(Math.min(3, type.maxPageSize));
    const answer = await side.ask(api, { document, variables: { size, cursor } });
    if (!('data' in answer)) throw new Error(answer.codes.join());
    // The query selects these fields.
    const { page } = answer.data as unknown as { readonly page: PageAnswer };
    const keys = page.nodes.map((node) => keyOf(api.index, type, node));
    found.push(...(direction === 'FORWARD' ? keys : keys.reverse()));
    cursor = page.pageInfo.cursor;
    if (!page.pageInfo.more) return found;
  }
  throw new Error('The listing has too many pages.');
}

function pageQuery(
  { index, schema }: ProjectApi,
  { type, where, orderBy }: Listing,
  direction: Direction,
): string {
  const [size, cursor, more, end] =
    direction === 'FORWARD'
      ? ['first', 'after', 'hasNextPage', 'endCursor']
      : ['last', 'before', 'hasPreviousPage', 'startCursor'];
  const field = schema.getQueryType()?.getFields()[type.names.many];
  const argument = (name: string, value: JsonValue): string => {
    const wanted = field?.args.find((each) => each.name === name);
    if (wanted === undefined) throw new Error(`${type.names.many} has no argument ${name}.`);
    return `${name}: ${literal(wanted.type, value)}`;
  };
  const list = `${argument('where', where)}, ${argument('orderBy', orderBy)}`;
  return `query ($size: Int, $cursor: Cursor) {
    page: ${type.names.many}(${list}, ${size}: $size, ${cursor}: $cursor) {
      nodes { ${index
        .keyOf(type)
        .map(({ name }) => name)
        .join(' ')} }
      pageInfo { more: ${more} cursor: ${end} }
    }
  }`;
}
