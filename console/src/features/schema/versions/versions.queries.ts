import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';

import { queryKeys } from '#console/domain/query-keys.ts';
import {
  SchemaVersionListDocument,
  SchemaVersionNumbersDocument,
  SchemaVersionWholeDocument,
  type SchemaVersionListQuery,
  type SchemaVersionWholeQuery,
} from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';

import { withPlainLineEnds } from '#console/domain/project-schema.queries.ts';

type ListProject = NonNullable<SchemaVersionListQuery['project']>;
export type VersionSummary = ListProject['schemaVersions']['edges'][number]['node'];
export type WholeVersion = NonNullable<
  SchemaVersionWholeQuery['project']
>['schemaVersions']['nodes'][number];

const pageSize = 30;

/** The schema versions, one page at a time, newest first. */
export const versionListQuery = (ref: string) =>
  infiniteQueryOptions({
    queryKey: queryKeys.project.schemaVersions(ref),
    queryFn: async ({ pageParam, signal }) => {
      const variables = { ref, first: pageSize, after: pageParam };
      const { project } = await request(SchemaVersionListDocument, variables, { signal });
      return (
        project?.schemaVersions ?? {
          totalCount: 0,
          edges: [],
          pageInfo: { hasNextPage: false, endCursor: null },
        }
      );
    },
    // The first page has no cursor; `as` widens the type for the following pages.
    initialPageParam: null as string | null,
    getNextPageParam: ({ pageInfo }) => (pageInfo.hasNextPage ? pageInfo.endCursor : null),
  });

/** One version by its number, with its text; null if it does not exist. A version never changes. */
export const versionQuery = (ref: string, number: number) =>
  queryOptions({
    queryKey: queryKeys.project.schemaVersion(ref, number),
    queryFn: async ({ signal }): Promise<WholeVersion | null> => {
      const after = await cursorBefore(ref, number, signal);
      if (after === undefined) return null;
      const { project } = await request(SchemaVersionWholeDocument, { ref, after }, { signal });
      const found = project?.schemaVersions.nodes[0];
      if (found?.number !== number) return null;
      return { ...found, sdl: withPlainLineEnds(found.sdl) };
    },
    staleTime: (query) => (query.state.data === null ? 0 : Infinity),
  });

/** The cursor directly before a version; null for the newest version, undefined if the version does not exist. */
async function cursorBefore(
  ref: string,
  number: number,
  signal: AbortSignal,
): Promise<string | null | undefined> {
  let before: string | null = null;
  for (let after: string | null = null; ;) {
    const page = await numbersAfter(ref, after, signal);
    for (const { node, cursor } of page.edges) {
      if (node.number === number) return before;
      before = cursor;
    }
    if (!page.pageInfo.hasNextPage) return undefined;
    after = page.pageInfo.endCursor;
  }
}

async function numbersAfter(ref: string, after: string | null, signal: AbortSignal) {
  const { project } = await request(SchemaVersionNumbersDocument, { ref, after }, { signal });
  const nothing = { edges: [], pageInfo: { hasNextPage: false, endCursor: null } };
  return project?.schemaVersions ?? nothing;
}
