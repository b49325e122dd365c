import { useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query';

import type { JsonObject } from '#console/domain/models/json.ts';
import {
  modelNamed,
  type ModelField,
  type ToManyField,
} from '#console/domain/models/project-models.ts';
import { rowsCondition, uniqueWhere, type RowId } from '#console/domain/models/row-key.ts';
import { queryKeys } from '#console/domain/query-keys.ts';
import { requestProject } from '#console/lib/api/project.ts';

import { rowQuery, type DataSource, type RowsAnswer } from './data.queries.ts';
import {
  createDocument,
  createInListDocument,
  deleteDocument,
  rowSelection,
  updateDocument,
} from './documents.ts';
import { idOfRow, type Row } from '#console/domain/models/rows.ts';

/** Creates a row, and refetches all queries for the project's rows. Returns the ID of the row. */
export function useCreateRow({ ref, model }: DataSource) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (data: JsonObject) => {
      const document = createDocument(model, model.mutations.create ?? '');
      const { row } = await requestProject<{ row: Row }>(ref, { document, variables: { data } });
      return idOfRow(row);
    },
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.data.all(ref) }),
  });
}

/** Creates a row in a to-many relation of another row (`source`), and refetches all queries for the project's rows. */
export function useCreateInList({ ref, models, model }: DataSource, field: ToManyField | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ owner, data }: { owner: RowId; data: JsonObject }) => {
      const target = field === null ? null : modelNamed(models, field.target);
      if (field === null || target === null) throw new Error('The relation does not exist.');
      const names = { updateField: model.mutations.update ?? '', field: field.name };
      const document = createInListDocument(names, model, target);
      const variables = { owner: uniqueWhere(model.key, owner), data };
      await requestProject(ref, { document, variables });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.data.all(ref) }),
  });
}

interface LinkChange {
  /** The row whose list changes. */
  readonly id: RowId;
  /** IDs of rows to add to the list. */
  readonly connect?: readonly RowId[];
  /** IDs of rows to remove from the list. They are not deleted. */
  readonly disconnect?: readonly RowId[];
}

/** Changes a to-many relation of a row (`source`), and refetches all queries for the project's rows. */
export function useChangeLinks({ ref, models, model }: DataSource, field: ToManyField) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, connect = [], disconnect = [] }: LinkChange) => {
      const keysOf = (ids: readonly RowId[]) =>
        ids.map((each) => uniqueWhere(field.targetKey, each));
      const change = {
        ...(connect.length > 0 && { connect: keysOf(connect) }),
        ...(disconnect.length > 0 && { disconnect: keysOf(disconnect) }),
      };
      const selection = rowSelection(models, model, []);
      const document = updateDocument(model, model.mutations.update ?? '', selection);
      const variables = { key: uniqueWhere(model.key, id), data: { [field.name]: change } };
      await requestProject(ref, { document, variables });
    },
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.data.all(ref) }),
  });
}

interface Change {
  readonly id: RowId;
  readonly data: JsonObject;
}

/**
 * Updates a row, and writes the API's response to the cache. The list is not refetched immediately, because the row
 * could move to another position while the user edits it.
 *
 * @param fields the fields that the list on the page shows
 */
export function useUpdateRow(source: DataSource, fields: readonly ModelField[]) {
  const { ref, models, model } = source;
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, data }: Change) => {
      const selection = rowSelection(models, model, fields);
      const document = updateDocument(model, model.mutations.update ?? '', selection);
      const variables = { key: uniqueWhere(model.key, id), data };
      return (await requestProject<{ row: Row }>(ref, { document, variables })).row;
    },
    onSuccess: (row) => {
      showRow(client, source, row);
      return client.invalidateQueries({ queryKey: queryKeys.data.all(ref), refetchType: 'none' });
    },
  });
}

function showRow(client: QueryClient, source: DataSource, row: Row): void {
  const { ref, model } = source;
  const id = idOfRow(row);
  client.setQueryData(rowQuery(source, id).queryKey, (known) => known && { ...known, ...row });
  client.setQueriesData<RowsAnswer>(
    { queryKey: queryKeys.data.rowPages(ref, model.name), type: 'active' },
    (answer) =>
      answer && {
        ...answer,
        page: {
          ...answer.page,
          nodes: answer.page.nodes.map((each) =>
            idOfRow(each) === id ? { ...each, ...row } : each,
          ),
        },
      },
  );
}

/**
 * Deletes rows by ID in one transaction. IDs that do not match a row are ignored. Returns the number of rows deleted.
 */
export function useDeleteRows({ ref, model }: DataSource) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (ids: readonly RowId[]) => {
      const document = deleteDocument(model, model.mutations.deleteMany ?? '');
      const variables = { where: rowsCondition(model.key, ids), atMost: ids.length };
      const { batch } = await requestProject<{ batch: { count: number } }>(ref, {
        document,
        variables,
      });
      return batch.count;
    },
    onSuccess: () => client.invalidateQueries({ queryKey: queryKeys.data.all(ref) }),
  });
}
