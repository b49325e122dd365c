import { resolveCursorConnection } from '@pothos/plugin-relay';

import { errors } from '../errors/errors.ts';
import { builder } from './builder.ts';
import { controlPlaneLimits } from '../limits.ts';

const defaultPageSize = 20;

export interface ConnectionArguments {
  readonly first?: number | null | undefined;
  readonly last?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly before?: string | null | undefined;
}

/** The query for a page. Ids are UUIDv7, so sorting by id also sorts by creation time. */
export interface PageQuery {
  readonly where: { readonly id?: { lt?: string; gt?: string } };
  readonly orderBy: { readonly id: 'asc' | 'desc' };
  readonly take: number;
}

interface KeysetConnectionOptions<Node extends { id: string }> {
  readonly args: ConnectionArguments;
  readonly order: 'oldest first' | 'newest first';
  /** Counts the whole list. Called only if `totalCount` is selected. */
  readonly count: () => Promise<number>;
  readonly page: (query: PageQuery) => Promise<readonly Node[]>;
}

/**
 * A Relay connection over rows sorted by id. The id in a cursor is only compared, never looked up. A cursor that
 * contains the id of another tenant's row therefore reveals nothing about that row.
 */
export async function keysetConnection<Node extends { id: string }>({
  args,
  order,
  count,
  page,
}: KeysetConnectionOptions<Node>) {
  checkPageSize('first', args.first);
  checkPageSize('last', args.last);
  checkDirections(args);
  const descending = order === 'newest first';
  const connection = await resolveCursorConnection(
    {
      args,
      defaultSize: defaultPageSize,
      maxSize: controlPlaneLimits.maxPageSize,
      // The library cannot infer the generic node type. `page` below returns only nodes.
      toCursor: (node: unknown) => encodeCursor((node as Node).id),
    },
    ({ before, after, limit, inverted }) => {
      const afterId = after === undefined ? undefined : decodeCursor(after);
      const beforeId = before === undefined ? undefined : decodeCursor(before);
      const greaterThan = descending ? beforeId : afterId;
      const lessThan = descending ? afterId : beforeId;
      const id = {
        ...(greaterThan === undefined ? {} : { gt: greaterThan }),
        ...(lessThan === undefined ? {} : { lt: lessThan }),
      };
      return page({
        where: Object.keys(id).length === 0 ? {} : { id },
        orderBy: { id: descending === inverted ? 'asc' : 'desc' },
        take: limit,
      });
    },
  );
  return { ...connection, totalCount: count };
}

function checkPageSize(name: 'first' | 'last', value: number | null | undefined): void {
  if (value == null) return;
  if (value < 0 || value > controlPlaneLimits.maxPageSize) {
    throw errors.pageSizeOutOfRange(name, controlPlaneLimits.maxPageSize);
  }
}

function checkDirections(args: ConnectionArguments): void {
  if (args.first != null && args.last != null) {
    throw errors.firstAndLast();
  }
  if (args.first != null && args.before != null) {
    throw errors.firstWithBefore();
  }
  if (args.last != null && args.after != null) {
    throw errors.lastWithAfter();
  }
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function encodeCursor(id: string): string {
  return Buffer.from(`id:${id}`).toString('base64url');
}

function decodeCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const id = text.startsWith('id:') ? text.slice(3) : '';
  if (!uuid.test(id)) throw errors.badCursor();
  return id;
}

/** Adds `totalCount` to every connection in the management API. */
builder.globalConnectionField('totalCount', (t) =>
  t.int({
    description: 'The number of items in the whole list, not only on this page.',
    resolve: (connection) => {
      // Every connection is created by keysetConnection, which adds the count.
      const { totalCount } = connection as unknown as { totalCount: () => Promise<number> };
      return totalCount();
    },
  }),
);
