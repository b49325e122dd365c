import { getRouteApi } from '@tanstack/react-router';

import type { DataSearch } from './data-search.ts';

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
