import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import type { JsonObject } from '#console/domain/models/json.ts';
import {
  modelNamed,
  type Model,
  type ModelField,
  type ProjectModels,
  type ToManyField,
} from '#console/domain/models/project-models.ts';
import { isRowId, uniqueWhere, type RowId } from '#console/domain/models/row-key.ts';
import { queryKeys } from '#console/domain/query-keys.ts';
import {
  referenceOf,
  referencesOf,
  type Reference,
  type Row,
} from '#console/domain/models/rows.ts';
import { requestProject } from '#console/lib/api/project.ts';
import type { ViewAs } from '#console/lib/api/view-as.ts';

import type { DataSearch, Within } from './data-search.ts';
import { readSort } from './data-view.ts';
import {
  countDocument,
  countsDocument,
  linksDocument,
  orderByOf,
  pageDocument,
  rowDocument,
  rowSelection,
} from './documents.ts';
import { whereOf, type FilterSet } from './filters/filters.ts';

export interface Ends {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

export interface RowPage {
  readonly nodes: readonly Row[];
  readonly pageInfo: Ends;
}

/**
 * A list of rows in a response. The list is a root field (`rows`), or a field of another row (`owner`). `owner` is null
 * if that row was deleted.
 */
interface Listed<T> {
  readonly rows?: T;
  readonly owner?: (JsonObject & { readonly rows: T }) | null;
}

export interface DataSource {
  readonly ref: string;
  readonly models: ProjectModels;
  readonly model: Model;
  /** As whom the member reads the rows; null for the member's own permissions. */
  readonly viewAs: ViewAs | null;
}

export const usualPageSize = 25;

type PageSearch = Pick<
  DataSearch,
  'filters' | 'match' | 'within' | 'sort' | 'size' | 'after' | 'before' | 'end'
>;

export interface RowsAnswer {
  readonly page: RowPage;
  /** The row that the list belongs to. */
  readonly owner: Reference | null;
}

export function rowsQuery(source: DataSource, search: PageSearch, fields: readonly ModelField[]) {
  const { ref, models, model, viewAs } = source;
  const { within } = search;
  const document = pageDocument({ models, model, within }, rowSelection(models, model, fields));
  const variables = {
    ...selectionVariables(source, search),
    ...pageVariables(search, Math.min(search.size ?? usualPageSize, model.maxPageSize)),
  };
  return queryOptions({
    queryKey: queryKeys.data.rowPage(ref, model.name, { document, variables, viewAs }),
    queryFn: async ({ signal }): Promise<RowsAnswer> => {
      const answer = await requestProject<Listed<RowPage>>(ref, {
        document,
        variables,
        signal,
        viewAs,
      });
      return { page: listOf(answer) ?? emptyPage, owner: referenceOf(answer.owner) };
    },
    placeholderData: keepPreviousData,
  });
}

/** The filters and sort order, which are the same for all pages and for an export. */
export function selectionVariables(
  { models, model }: Pick<DataSource, 'models' | 'model'>,
  search: FilterSet & { readonly sort?: string | undefined; readonly within?: Within | undefined },
): JsonObject {
  const orderBy = orderByOf(models, model, readSort(search.sort));
  return {
    ...matchVariables({ models, model }, search),
    ...(orderBy.length > 0 && { orderBy }),
  };
}

function matchVariables(
  { models, model }: Pick<DataSource, 'models' | 'model'>,
  search: FilterSet & { readonly within?: Within | undefined },
): JsonObject {
  const where = whereOf(model, search);
  return {
    ...(where !== null && { where }),
    ...ownerVariables(models, search.within),
  };
}

function ownerVariables(models: ProjectModels, within: Within | undefined): JsonObject {
  const owner = within === undefined ? null : modelNamed(models, within.type);
  if (within === undefined || owner === null) return {};
  return { owner: uniqueWhere(owner.key, within.id) };
}

function pageVariables({ after, before, end }: PageSearch, size: number): JsonObject {
  if (after !== undefined) return { first: size, after };
  if (before !== undefined) return { last: size, before };
  return end === true ? { last: size } : { first: size };
}

export const listOf = <T>({ rows, owner }: Listed<T>): T | null => rows ?? owner?.rows ?? null;

const emptyPage: RowPage = {
  nodes: [],
  pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
};

/**
 * The total number of rows on all pages. Requested separately, because counting can take longer than reading a page.
 */
export function countQuery(
  source: DataSource,
  search: FilterSet & { within?: Within | undefined },
) {
  const { ref, models, model, viewAs } = source;
  const { within } = search;
  const document = countDocument({ models, model, within });
  const variables = matchVariables(source, search);
  return queryOptions({
    queryKey: queryKeys.data.rowCount(ref, model.name, { document, variables, viewAs }),
    queryFn: async ({ signal }) => {
      const answer = await requestProject<Listed<{ totalCount: number }>>(ref, {
        document,
        variables,
        signal,
        viewAs,
      });
      return listOf(answer)?.totalCount ?? 0;
    },
    placeholderData: keepPreviousData,
  });
}

/** The number of rows in each model, by model name. */
export const countsQuery = (ref: string, models: ProjectModels, viewAs: ViewAs | null) =>
  queryOptions({
    queryKey: queryKeys.data.rowCounts(
      ref,
      models.map(({ name }) => name),
      viewAs,
    ),
    queryFn: async ({ signal }) => {
      const document = countsDocument(models);
      const answer = await requestProject<Record<string, { totalCount: number }>>(ref, {
        document,
        signal,
        viewAs,
      });
      return new Map(Object.entries(answer).map(([name, { totalCount }]) => [name, totalCount]));
    },
  });

/** One row with all its fields; null if no row has this key. */
export const rowQuery = ({ ref, models, model, viewAs }: DataSource, id: RowId) =>
  queryOptions({
    queryKey: queryKeys.data.row(ref, model.name, id, viewAs),
    queryFn: async ({ signal }) => {
      // The API rejects malformed keys, and no row can have one.
      if (!isRowId(model.key, id)) return null;
      const document = rowDocument(models, model);
      const { row } = await requestProject<{ row: Row | null }>(ref, {
        document,
        variables: { key: uniqueWhere(model.key, id) },
        signal,
        viewAs,
      });
      return row;
    },
  });

export interface Links {
  readonly totalCount: number;
  readonly nodes: readonly Reference[];
}

/** The first 20 rows of a to-many relation of one row; null if the row was deleted. */
export const linksQuery = (
  { ref, models, model, viewAs }: DataSource,
  id: RowId,
  field: ToManyField,
) =>
  queryOptions({
    queryKey: queryKeys.data.links(ref, model.name, id, field.name, viewAs),
    queryFn: async ({ signal }): Promise<Links | null> => {
      const target = modelNamed(models, field.target);
      if (target === null) return null;
      const document = linksDocument(model, field.name, target);
      const { owner } = await requestProject<{ owner: { rows: LinksAnswer } | null }>(ref, {
        document,
        variables: { key: uniqueWhere(model.key, id) },
        signal,
        viewAs,
      });
      if (owner === null) return null;
      return { totalCount: owner.rows.totalCount, nodes: referencesOf(owner.rows.nodes) };
    },
  });

interface LinksAnswer {
  readonly totalCount: number;
  readonly nodes: readonly JsonObject[];
}
