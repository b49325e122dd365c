import {
  columnVisibilityFeature,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
  type ColumnDef,
} from '@tanstack/react-table';

import {
  labelFieldOf,
  type ModelField,
  type Model,
} from '#console/domain/models/project-models.ts';

import { namesOf } from '../data-view.ts';
import type { DataSource } from '../data.queries.ts';
import { sortPathOf } from '../documents.ts';
import type { Row } from '#console/domain/models/rows.ts';

const usualColumns = 10;

/** The columns in the URL, or the default ones. */
export function shownFields(model: Model, columns: string | undefined): readonly ModelField[] {
  const names = namesOf(columns);
  const chosen = model.fields.filter(({ name }) => names.includes(name));
  return chosen.length > 0 ? chosen : usualFields(model);
}

/** The default columns: up to ten fields in schema order. Fields that identify a row are preferred. */
export function usualFields(model: Model): readonly ModelField[] {
  const label = labelFieldOf(model);
  const kept = new Set(
    model.fields
      .map((field) => ({ field, rank: field === label ? 0 : rankOf(field) }))
      .toSorted((one, other) => one.rank - other.rank)
      .slice(0, usualColumns)
      .map(({ field }) => field),
  );
  return model.fields.filter((field) => kept.has(field));
}

function rankOf(field: ModelField): number {
  switch (field.kind) {
    case 'VALUE':
      if (field.isId) return 0;
      if (field.isList || field.type.name === 'JSON') return 4;
      return field.isRequired ? 1 : 2;
    case 'KEY':
      return 0;
    case 'TO_ONE':
      return 1;
    case 'TO_MANY':
      return 3;
  }
}

export const gridFeatures = tableFeatures({
  columnVisibilityFeature,
  rowSelectionFeature,
  rowSortingFeature,
});

export type GridFeatures = typeof gridFeatures;

/** One column per field. */
export const gridColumns = (
  { models, model }: DataSource,
  fields: readonly ModelField[],
): ColumnDef<GridFeatures, Row>[] =>
  fields.map((field) => ({
    id: field.name,
    accessorFn: (row: Row) => row[field.name],
    enableSorting: sortPathOf(models, model, field.name) !== null,
    sortDescFirst: false,
  }));
