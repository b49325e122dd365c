import { useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';

import { requestProject } from '#console/lib/api/project.ts';
import type { DataField } from '#console/lib/model/data-model.ts';
import type { JsonObject } from '#console/lib/model/json.ts';

import { dataKey, rowQuery, type DataSource, type Row, type RowsAnswer } from './data.queries.ts';
import { createDocument, deleteDocument, rowSelection, updateDocument } from './documents.ts';

/** Adds a row; everything that is shown of the project's rows may be another now. */
export function useCreateRow({ ref, type }: DataSource) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (data: JsonObject) => {
      const document = createDocument(type, type.mutations.create ?? '');
      return requestProject<{ row: { _rowId: string } }>(ref, { document, variables: { data } });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: dataKey(ref) }),
  });
}

interface Change {
  readonly id: string;
  readonly data: JsonObject;
}

/**
 * Changes a row, and shows what the API says it is now where it stands: were the list asked again at once, the
 * row could go from under the hands of whoever edits it.
 *
 * @param fields those of the list that is on the page
 */
export function useUpdateRow(source: DataSource, fields: readonly DataField[]) {
  const { ref, model, type } = source;
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, data }: Change) => {
      const selection = rowSelection(model, type, fields);
      const document = updateDocument(type, type.mutations.update ?? '', selection);
      const variables = { id, data };
      return (await requestProject<{ row: Row }>(ref, { document, variables })).row;
    },
    onSuccess: (row) => {
      showRow(client, source, row);
      return client.invalidateQueries({ queryKey: dataKey(ref), refetchType: 'none' });
    },
  });
}

function showRow(client: QueryClient, source: DataSource, row: Row): void {
  const { ref } = source;
  client.setQueryData(
    rowQuery(source, row._rowId).queryKey,
    (known) => known && { ...known, ...row },
  );
  client.setQueriesData<RowsAnswer>(
    {
      queryKey: dataKey(ref),
      predicate: ({ queryKey }) => queryKey.includes('rows'),
      type: 'active',
    },
    (answer) =>
      answer && {
        ...answer,
        page: {
          ...answer.page,
          nodes: answer.page.nodes.map((each) =>
            each._rowId === row._rowId ? { ...each, ...row } : each,
          ),
        },
      },
  );
}

/** Deletes the rows with these ids, all of them or none; one that is gone already is none. */
export function useDeleteRows({ ref, type }: DataSource) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (ids: readonly string[]) => {
      const document = deleteDocument(type, type.mutations.deleteMany ?? '');
      const variables = { ids, atMost: ids.length };
      const { batch } = await requestProject<{ batch: { count: number } }>(ref, {
        document,
        variables,
      });
      return batch.count;
    },
    onSuccess: () => client.invalidateQueries({ queryKey: dataKey(ref) }),
  });
}
