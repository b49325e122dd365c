import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import type { JsonObject } from '#console/domain/models/json.ts';
import {
  labelFieldOf,
  modelNamed,
  type ModelField,
  type ProjectModels,
  type Model,
  type ToManyField,
} from '#console/domain/models/project-models.ts';
import { readValue } from '#console/domain/models/values.ts';
import { queryKeys } from '#console/domain/query-keys.ts';
import { requestProject } from '#console/lib/api/project.ts';

import { readSort, type DataSearch, type Within } from './data-search.ts';
import {
  choicesDocument,
  countDocument,
  countsDocument,
  linksDocument,
  orderByOf,
  pageDocument,
  rowDocument,
  rowSelection,
  type Reference,
} from './documents.ts';
import { whereOf, type FilterSet } from './filters/filters.ts';

/** A row in a response: its ID, and a value, reference or count for each field. */
export type Row = JsonObject & { readonly _rowId: string };

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
  readonly owner?: (Reference & { readonly rows: T }) | null;
}

export interface DataSource {
  readonly ref: string;
  readonly models: ProjectModels;
  readonly model: Model;
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
  const { ref, models, model } = source;
  const { within } = search;
  const document = pageDocument({ models, model, within }, rowSelection(models, model, fields));
  const variables = {
    ...selectionVariables(source, search),
    ...pageVariables(search, Math.min(search.size ?? usualPageSize, model.maxPageSize)),
  };
  return queryOptions({
    queryKey: queryKeys.data.rowPage(ref, model.name, { document, variables }),
    queryFn: async ({ signal }): Promise<RowsAnswer> => {
      const answer = await requestProject<Listed<RowPage>>(ref, { document, variables, signal });
      return { page: listOf(answer) ?? emptyPage, owner: answer.owner ?? null };
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
  const where = whereOf(models, model, search);
  return {
    ...(where !== null && { where }),
    ...(search.within !== undefined && { owner: search.within.id }),
  };
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
  const { ref, models, model } = source;
  const { within } = search;
  const document = countDocument({ models, model, within });
  const variables = matchVariables(source, search);
  return queryOptions({
    queryKey: queryKeys.data.rowCount(ref, model.name, { document, variables }),
    queryFn: async ({ signal }) => {
      const answer = await requestProject<Listed<{ totalCount: number }>>(ref, {
        document,
        variables,
        signal,
      });
      return listOf(answer)?.totalCount ?? 0;
    },
    placeholderData: keepPreviousData,
  });
}

/** The number of rows in each model, by model name. */
export const countsQuery = (ref: string, models: ProjectModels) =>
  queryOptions({
    queryKey: queryKeys.data.rowCounts(
      ref,
      models.map(({ name }) => name),
    ),
    queryFn: async ({ signal }) => {
      const document = countsDocument(models);
      const answer = await requestProject<Record<string, { totalCount: number }>>(ref, {
        document,
        signal,
      });
      return new Map(Object.entries(answer).map(([name, { totalCount }]) => [name, totalCount]));
    },
  });

/** One row with all its fields; null if no row has this ID. */
export const rowQuery = ({ ref, models, model }: DataSource, id: string) =>
  queryOptions({
    queryKey: queryKeys.data.row(ref, model.name, id),
    queryFn: async ({ signal }) => {
      // The API rejects malformed IDs, and no row can have one.
      if (!readValue({ kind: 'SCALAR', name: 'ID' }, id).isOk) return null;
      const document = rowDocument(models, model);
      const { row } = await requestProject<{ row: Row | null }>(ref, {
        document,
        variables: { id },
        signal,
      });
      return row;
    },
  });

export interface Links {
  readonly totalCount: number;
  readonly nodes: readonly Reference[];
}

/** The first 20 rows of a to-many relation of one row; null if the row was deleted. */
export const linksQuery = ({ ref, models, model }: DataSource, id: string, field: ToManyField) =>
  queryOptions({
    queryKey: queryKeys.data.links(ref, model.name, id, field.name),
    queryFn: async ({ signal }) => {
      const target = modelNamed(models, field.target);
      if (target === null) return null;
      const document = linksDocument(model, field.name, target);
      const { owner } = await requestProject<{ owner: { rows: Links } | null }>(ref, {
        document,
        variables: { id },
        signal,
      });
      return owner?.rows ?? null;
    },
  });

/** Up to 20 rows whose label contains the search text or whose ID equals it. */
export const choicesQuery = (ref: string, model: Model, text: string) =>
  queryOptions({
    queryKey: queryKeys.data.choices(ref, model.name, text),
    queryFn: async ({ signal }) => {
      const where = choiceCondition(model, text.trim());
      const { rows } = await requestProject<{ rows: { nodes: readonly Reference[] } }>(ref, {
        document: choicesDocument(model),
        variables: where === null ? {} : { where },
        signal,
      });
      return rows.nodes;
    },
    placeholderData: keepPreviousData,
  });

function choiceCondition(model: Model, text: string): JsonObject | null {
  if (text === '') return null;
  const label = labelFieldOf(model);
  if (readValue({ kind: 'SCALAR', name: 'ID' }, text).isOk)
    return { [model.idField]: { eq: text } };
  if (label?.operators.includes('contains') === true && label.type.name === 'String') {
    return { [label.name]: { contains: text, mode: 'INSENSITIVE' } };
  }
  const reading = label === null ? null : readValue(label.type, text);
  // Text that is not a valid value of the label's type matches no rows.
  if (label === null || reading?.isOk !== true) return { or: [] };
  return { [label.name]: { eq: reading.value } };
}
