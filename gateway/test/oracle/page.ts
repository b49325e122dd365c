import type { ModelType } from '../../src/engine/sdl/model.ts';
import { matches } from './filter.ts';
import { asInput, asInputs, type Input } from './input.ts';
import { comparePositions, orderOf, positionOf, type Order, type Position } from './order.ts';
import type { Row } from './row.ts';
import type { Store } from './store.ts';

/** An evaluated connection. */
export interface Page {
  readonly store: Store;
  readonly type: ModelType;
  readonly order: Order;
  /** All rows that match `where`. */
  readonly matching: readonly Row[];
  /** The page's rows, in order. */
  readonly rows: readonly Row[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
}

const defaultPageSize = 20;

interface Shown {
  readonly type: ModelType;
  /** All rows that the connection could contain. */
  readonly rows: readonly Row[];
  /** The field's arguments, which have already been checked. */
  readonly args: Input;
  readonly positionAt: (cursor: string) => Position;
}

export function pageOf(store: Store, { type, rows, args, positionAt }: Shown): Page {
  const { where, orderBy, first, last, after, before, offset } = args;
  const order = orderOf(store, type, orderBy == null ? [] : asInputs(orderBy));
  const place = (row: Row) => positionOf(store, order, row);
  const matching = rows
    .filter((row) => where == null || matches(store, type, row, asInput(where)))
    .sort((a, b) => comparePositions(order, place(a), place(b)));
  const isAfter = (row: Row) =>
    typeof after !== 'string' || comparePositions(order, place(row), positionAt(after)) > 0;
  const isBefore = (row: Row) =>
    typeof before !== 'string' || comparePositions(order, place(row), positionAt(before)) < 0;
  const skipped = typeof offset === 'number' ? offset : 0;
  const size = typeof first === 'number' ? first : Math.min(defaultPageSize, type.maxPageSize);
  const low = matching.filter((row) => !isAfter(row)).length;
  const high = Math.max(matching.filter(isBefore).length, low);
  const start =
    typeof last === 'number' ? Math.max(high - last, low) : Math.min(low + skipped, high);
  const end = typeof last === 'number' ? high : Math.min(start + size, high);
  return {
    store,
    type,
    order,
    matching,
    rows: matching.slice(start, end),
    // True if rows follow the page. Rows at or after the cursor `before` also count.
    hasNext: end < high || !matching.every(isBefore),
    hasPrevious: start > low || low > 0,
  };
}
