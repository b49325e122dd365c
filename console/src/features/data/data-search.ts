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
