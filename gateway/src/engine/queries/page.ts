import { literal, param, sql, type Sql } from '../sql/sql.ts';
import { argumentTree, leafOf, type InputTree, type LeafReader } from './input-tree.ts';
import type { CompileContext, SelectedField } from './context.ts';
import { operationErrors } from '../errors.ts';
import type { InputPath } from './input-budget.ts';
import type { Parameter } from './statement.ts';

const defaultPageSize = 20;

/** Beyond this, cursors are the way: an offset reads all that it skips. */
const maxOffset = 100_000;

/** Which page of a list is asked for. */
export interface Page {
  /** By `last`, from the end. */
  readonly backward: boolean;
  readonly size: PageSize;
  readonly after: CursorArgument | null;
  readonly before: CursorArgument | null;
  /** How many rows are left out before the page. */
  readonly offset: Sql | null;
}

export interface CursorArgument {
  readonly read: LeafReader;
  readonly path: InputPath;
}

export interface PageSize {
  /** As a number in SQL. */
  readonly rows: Sql;
  /** A clause for `rows` and `extra` more. */
  readonly limit: (extra: 0 | 1) => PageLimit;
}

/**
 * Not knowing the value of `$1` in `LIMIT $1`, PostgreSQL reckons with a tenth of all rows, finds that worse
 * than planning anew for each value, and does that every time. A constant bound within lets it plan once.
 */
export interface PageLimit {
  readonly bound: Sql;
  /** Stands around the bound one; null where the bound is exact. */
  readonly exact: Sql | null;
}

/**
 * Reads `first after last before offset`. Null is as good as absent here, as clients send it.
 * @throws OperationError for arguments that exclude each other; numbers out of range are found when they are bound
 */
export function compilePage(
  context: CompileContext,
  field: SelectedField,
  maxPageSize: number,
  path: InputPath,
): Page {
  const given = (name: string): CursorArgument | null => {
    const tree: InputTree = argumentTree(context, field, name, path);
    const at = [...path, name];
    return tree.kind === 'NULL' || tree.kind === 'ABSENT'
      ? null
      : { read: leafOf(tree, at), path: at };
  };
  const [first, last, after, before, offset] = [
    given('first'),
    given('last'),
    given('after'),
    given('before'),
    given('offset'),
  ];
  if (first !== null && last !== null) {
    throw operationErrors.firstAndLast(last.path);
  }
  if (offset !== null && (last ?? after ?? before) !== null) {
    throw operationErrors.offsetNotAlone(offset.path);
  }
  const asked = first ?? last;
  return {
    backward: last !== null,
    size:
      asked === null
        ? defaultSize(Math.min(defaultPageSize, maxPageSize))
        : askedSize(asked, maxPageSize),
    after,
    before,
    offset:
      offset === null
        ? null
        : sql`${param(wholeNumber(offset, { most: maxOffset, extra: 0 }))}::bigint`,
  };
}

function defaultSize(size: number): PageSize {
  return {
    rows: literal(size),
    limit: (extra) => ({ bound: literal(size + extra), exact: null }),
  };
}

function askedSize(argument: CursorArgument, most: number): PageSize {
  const rows = wholeNumber(argument, { most, extra: 0 });
  const oneMore = wholeNumber(argument, { most, extra: 1 });
  return {
    rows: sql`${param(rows)}::bigint`,
    limit: (extra) => ({
      bound: literal(most + extra),
      exact: sql`${param(extra === 0 ? rows : oneMore)}::bigint`,
    }),
  };
}

function wholeNumber(
  { read, path }: CursorArgument,
  { most, extra }: { readonly most: number; readonly extra: number },
): Parameter {
  return (variables) => {
    const value = read(variables);
    if (typeof value !== 'number' || value < 0 || value > most) {
      throw operationErrors.numberOutOfRange(path, most);
    }
    return value + extra;
  };
}
