import {
  columnVisibilityFeature,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
  type ColumnDef,
} from '@tanstack/react-table';

import type { DataField } from '#console/lib/model/data-model.ts';

import type { DataSource, Row } from './data.queries.ts';
import { sortPathOf } from './documents.ts';

export const gridFeatures = tableFeatures({
  columnVisibilityFeature,
  rowSelectionFeature,
  rowSortingFeature,
});

export type GridFeatures = typeof gridFeatures;

/** A column for each field; what stands in it is drawn by its field. */
export const gridColumns = (
  { model, type }: DataSource,
  fields: readonly DataField[],
): ColumnDef<GridFeatures, Row>[] =>
  fields.map((field) => ({
    id: field.name,
    accessorFn: (row: Row) => row[field.name],
    enableSorting: sortPathOf(model, type, field.name) !== null,
    sortDescFirst: false,
  }));
