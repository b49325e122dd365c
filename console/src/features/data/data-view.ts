import { getRouteApi } from '@tanstack/react-router';

import { firstPage, type DataSearch } from './data-search.ts';

const route = getRouteApi('/_app/projects/$ref/data/$model');

/** What the address says of the rows shown, and how to change it. */
export function useDataView() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return {
    search,
    /** Another set or order of rows: from its first page. */
    show: (change: Partial<DataSearch>) =>
      void navigate({ search: (now) => ({ ...now, ...firstPage, ...change }) }),
    /** The same rows, seen otherwise. */
    adjust: (change: Partial<DataSearch>) =>
      void navigate({ search: (now) => ({ ...now, ...change }) }),
  };
}

export type DataView = ReturnType<typeof useDataView>;
