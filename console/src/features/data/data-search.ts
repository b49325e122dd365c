import * as z from 'zod/mini';

import { cursorPageSearch } from '#console/lib/cursor-page.ts';
import { searchParam } from '#console/lib/search-param.ts';

/** One condition, as it stands in the address. */
const filterSchema = z.object({
  field: z.string(),
  operator: z.string(),
  /** As it was typed; lists for operators that take several. */
  value: z.optional(z.union([z.string(), z.array(z.string())])),
  ignoreCase: z.optional(z.literal(true)),
});

export type Filter = z.output<typeof filterSchema>;

export const pageSizes = [25, 50, 100] as const;

/** The rows in a list of one row: `{ type: 'User', id: '…', field: 'assigned' }`. */
const withinSchema = z.object({ type: z.string(), id: z.string(), field: z.string() });

export type Within = z.output<typeof withinSchema>;

/** What is shown of a type's rows; everything is optional, and nonsense is as if it were not there. */
export const dataSearch = z.object({
  filters: searchParam(z.array(filterSchema).check(z.maxLength(20))),
  match: searchParam(z.literal('any')),
  within: searchParam(withinSchema),
  /** `-createdAt,title`: the newest first, then by title. */
  sort: searchParam(z.string()),
  /** Names, in their order, with commas between. */
  columns: searchParam(z.string()),
  size: searchParam(z.literal(pageSizes)),
  ...cursorPageSearch,
  end: searchParam(z.literal(true)),
  /** The row beside the table. */
  row: searchParam(z.string()),
  add: searchParam(z.literal(true)),
});

export type DataSearch = z.output<typeof dataSearch>;

/** Back to the first page: cursors hold for one order and one filter. */
export const firstPage = { after: undefined, before: undefined, end: undefined } as const;

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
