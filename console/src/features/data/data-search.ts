import { getRouteApi } from '@tanstack/react-router';
import * as z from 'zod/mini';

import { cursorPageSearch } from '#console/lib/cursor-page.ts';
import { searchParam } from '#console/lib/search-param.ts';

/** One condition, as the URL has it. */
const filterSchema = z.object({
  field: z.string(),
  operator: z.string(),
  /** As typed; a list for operators that take several values. */
  value: z.optional(z.union([z.string(), z.array(z.string())])),
  ignoreCase: z.optional(z.literal(true)),
});

export type Filter = z.output<typeof filterSchema>;

export const pageSizes = [25, 50, 100] as const;

/** Only the rows in a to-many field of one row: `{ type: 'User', id: '…', field: 'assigned' }`; `type` is the model. */
const withinSchema = z.object({ type: z.string(), id: z.string(), field: z.string() });

export type Within = z.output<typeof withinSchema>;

/** Which of a model's rows the page shows, and how. Everything is optional; an invalid value is ignored. */
export const dataSearch = z.object({
  filters: searchParam(z.array(filterSchema).check(z.maxLength(20))),
  match: searchParam(z.literal('any')),
  within: searchParam(withinSchema),
  /** `-createdAt,title` is newest first, then by title. */
  sort: searchParam(z.string()),
  /** Field names, separated by commas. */
  columns: searchParam(z.string()),
  size: searchParam(z.literal(pageSizes)),
  ...cursorPageSearch,
  end: searchParam(z.literal(true)),
  /** The id of the row in the side panel. */
  row: searchParam(z.string()),
  add: searchParam(z.literal(true)),
});

export type DataSearch = z.output<typeof dataSearch>;

/** Back to the first page: a cursor is valid for one order and one filter only. */
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

const route = getRouteApi('/_app/projects/$ref/data/$model');

/** What the URL says about the rows to show, and how to change it. */
export function useDataView() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return {
    search,
    /** Another set or order of rows, from its first page. */
    show: (change: Partial<DataSearch>) =>
      void navigate({ search: (now) => ({ ...now, ...firstPage, ...change }) }),
    /** The same rows, shown differently. */
    adjust: (change: Partial<DataSearch>) =>
      void navigate({ search: (now) => ({ ...now, ...change }) }),
  };
}

export type DataView = ReturnType<typeof useDataView>;
