import { getRouteApi } from '@tanstack/react-router';
import * as z from 'zod/mini';

import { cursorPageSearch } from '#console/lib/cursor-page.ts';
import { searchParam } from '#console/lib/search-param.ts';

/** One filter in the URL. */
const filterSchema = z.object({
  field: z.string(),
  operator: z.string(),
  /** The value as typed, or a list for operators that accept several values. */
  value: z.optional(z.union([z.string(), z.array(z.string())])),
  ignoreCase: z.optional(z.literal(true)),
});

export type Filter = z.output<typeof filterSchema>;

export const pageSizes = [25, 50, 100] as const;

/** A row's ID. The router parses the ID of a row with an Int key as a number if the address has no quotes. */
const rowIdSchema = z.union([z.string(), z.pipe(z.int(), z.transform(String))]);

/**
 * Restricts the list to the rows in a to-many field of one row. `type` is that row's model:
 * `{ type: 'User', id, field: 'assigned' }`.
 */
const withinSchema = z.object({ type: z.string(), id: rowIdSchema, field: z.string() });

export type Within = z.output<typeof withinSchema>;

/** The data page's search parameters. All are optional, and invalid values are ignored. */
export const dataSearch = z.object({
  filters: searchParam(z.array(filterSchema).check(z.maxLength(20))),
  match: searchParam(z.literal('any')),
  within: searchParam(withinSchema),
  /** `-createdAt,title` sorts by `createdAt` descending, then by `title`. */
  sort: searchParam(z.string()),
  /** Field names, separated by commas. */
  columns: searchParam(z.string()),
  size: searchParam(z.literal(pageSizes)),
  ...cursorPageSearch,
  end: searchParam(z.literal(true)),
  /** The number of rows before the page. Keyset pagination does not determine it, so that the pager counts. */
  skipped: searchParam(z.int().check(z.positive())),
  /** The ID of the row in the side panel. */
  row: searchParam(rowIdSchema),
  add: searchParam(z.literal(true)),
});

export type DataSearch = z.output<typeof dataSearch>;

/**
 * Search parameters that reset the list to its first page. A change of the filters or the sort order needs this reset,
 * because cursors are valid only for one sort order and one set of filters.
 */
export const firstPage = {
  after: undefined,
  before: undefined,
  end: undefined,
  skipped: undefined,
} as const;

export interface Sort {
  readonly id: string;
  readonly desc: boolean;
}

export const readSort = (text: string | undefined): readonly Sort[] =>
  namesOf(text).map((name) =>
    name.startsWith('-') ? { id: name.slice(1), desc: true } : { id: name, desc: false },
  );

export const writeSort = (sorts: readonly Sort[]): string | undefined =>
  sorts.length === 0 ? undefined : sorts.map(({ id, desc }) => (desc ? `-${id}` : id)).join(',');

export const namesOf = (text: string | undefined): readonly string[] =>
  (text ?? '').split(',').filter((name) => name !== '');

const route = getRouteApi('/_app/projects/$ref/data/$model');

/** The data page's search parameters, and functions that change them. */
export function useDataView() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return {
    search,
    /** Changes the filters or the sort order, and returns to the first page. */
    show: (change: Partial<DataSearch>) =>
      void navigate({ search: (now) => ({ ...now, ...firstPage, ...change }) }),
    /** Changes other parameters, and stays on the current page of the list. */
    adjust: (change: Partial<DataSearch>) =>
      void navigate({ search: (now) => ({ ...now, ...change }) }),
  };
}

export type DataView = ReturnType<typeof useDataView>;
