import { keepPreviousData, queryOptions } from '@tanstack/react-query';

import { requestProject } from '#console/lib/api/project.ts';
import {
  labelFieldOf,
  type DataField,
  type DataModel,
  type DataType,
} from '#console/lib/model/data-model.ts';
import type { JsonObject } from '#console/lib/model/json.ts';
import { readValue } from '#console/lib/model/values.ts';

import type { DataSearch, Within } from './data-search.ts';
import { readSort } from './data-search.ts';
import {
  choicesDocument,
  countDocument,
  countsDocument,
  orderByOf,
  pageDocument,
  rowDocument,
  rowSelection,
  type Reference,
} from './documents.ts';
import { whereOf, type FilterSet } from './filters.ts';

/** A row as the documents here ask for it: its id, and values, references and counts by their fields. */
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

/** The list itself, or inside the row that it belongs to; null for an owner that is gone. */
interface Listed<T> {
  readonly rows?: T;
  readonly owner?: (Reference & { readonly rows: T }) | null;
}

export interface DataSource {
  readonly ref: string;
  readonly model: DataModel;
  readonly type: DataType;
}

export const usualPageSize = 25;

export const dataKey = (ref: string) => ['project', ref, 'data'] as const;

type PageSearch = Pick<
  DataSearch,
  'filters' | 'match' | 'within' | 'sort' | 'size' | 'after' | 'before' | 'end'
>;

export interface RowsAnswer {
  readonly page: RowPage;
  /** Whose list it is. */
  readonly owner: Reference | null;
}

export function rowsQuery(source: DataSource, search: PageSearch, fields: readonly DataField[]) {
  const { ref, model, type } = source;
  const { within } = search;
  const document = pageDocument({ model, type, within }, rowSelection(model, type, fields));
  const variables = {
    ...selectionVariables(source, search),
    ...pageVariables(search, Math.min(search.size ?? usualPageSize, type.maxPageSize)),
  };
  return queryOptions({
    queryKey: [...dataKey(ref), type.name, 'rows', document, variables],
    queryFn: async ({ signal }): Promise<RowsAnswer> => {
      const answer = await requestProject<Listed<RowPage>>(ref, { document, variables, signal });
      return { page: listOf(answer) ?? emptyPage, owner: answer.owner ?? null };
    },
    placeholderData: keepPreviousData,
  });
}

/** Which rows and in what order: the same for a page, for all pages, and for an export. */
export function selectionVariables(
  { model, type }: Pick<DataSource, 'model' | 'type'>,
  search: FilterSet & { readonly sort?: string | undefined; readonly within?: Within | undefined },
): JsonObject {
  const orderBy = orderByOf(model, type, readSort(search.sort));
  return {
    ...matchVariables({ model, type }, search),
    ...(orderBy.length > 0 && { orderBy }),
  };
}

function matchVariables(
  { model, type }: Pick<DataSource, 'model' | 'type'>,
  search: FilterSet & { readonly within?: Within | undefined },
): JsonObject {
  const where = whereOf(model, type, search);
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

/** How many rows there are on all pages; asked on its own, since counting may take longer than a page. */
export function countQuery(
  source: DataSource,
  search: FilterSet & { within?: Within | undefined },
) {
  const { ref, model, type } = source;
  const { within } = search;
  const document = countDocument({ model, type, within });
  const variables = matchVariables(source, search);
  return queryOptions({
    queryKey: [...dataKey(ref), type.name, 'count', within ?? null, variables],
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

/** How many rows each type has, by the type's name. */
export const countsQuery = (ref: string, model: DataModel) =>
  queryOptions({
    queryKey: [...dataKey(ref), 'counts', model.types.map(({ name }) => name)],
    queryFn: async ({ signal }) => {
      const document = countsDocument(model.types);
      const answer = await requestProject<Record<string, { totalCount: number }>>(ref, {
        document,
        signal,
      });
      return new Map(Object.entries(answer).map(([name, { totalCount }]) => [name, totalCount]));
    },
  });

/** One row with everything; null for one that is not there (any more). */
export const rowQuery = ({ ref, model, type }: DataSource, id: string) =>
  queryOptions({
    queryKey: [...dataKey(ref), type.name, 'row', id],
    queryFn: async ({ signal }) => {
      // An id that is none names no row.
      if (!readValue({ kind: 'SCALAR', name: 'ID' }, id).isOk) return null;
      const document = rowDocument(model, type);
      const { row } = await requestProject<{ row: Row | null }>(ref, {
        document,
        variables: { id },
        signal,
      });
      return row;
    },
  });

/** Up to 20 rows whose label has a text in it, or that have it as their id. */
export const choicesQuery = (ref: string, type: DataType, text: string) =>
  queryOptions({
    queryKey: [...dataKey(ref), type.name, 'choices', text],
    queryFn: async ({ signal }) => {
      const where = choiceCondition(type, text.trim());
      const { rows } = await requestProject<{ rows: { nodes: readonly Reference[] } }>(ref, {
        document: choicesDocument(type),
        variables: where === null ? {} : { where },
        signal,
      });
      return rows.nodes;
    },
    placeholderData: keepPreviousData,
  });

function choiceCondition(type: DataType, text: string): JsonObject | null {
  if (text === '') return null;
  const label = labelFieldOf(type);
  if (readValue({ kind: 'SCALAR', name: 'ID' }, text).isOk) return { [type.idField]: { eq: text } };
  if (label?.operators.includes('contains') === true && label.type.name === 'String') {
    return { [label.name]: { contains: text, mode: 'INSENSITIVE' } };
  }
  const reading = label === null ? null : readValue(label.type, text);
  // What cannot be anybody's label finds nobody.
  if (label === null || reading?.isOk !== true) return { or: [] };
  return { [label.name]: { eq: reading.value } };
}
