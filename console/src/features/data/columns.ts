import { labelFieldOf, type DataField, type DataType } from '#console/lib/model/data-model.ts';

import { namesOf } from './data-search.ts';

const usualColumns = 10;

/** The columns that an address names, or as many as fit well: first those that tell rows apart. */
export function shownFields(type: DataType, columns: string | undefined): readonly DataField[] {
  const names = namesOf(columns);
  const chosen = type.fields.filter(({ name }) => names.includes(name));
  return chosen.length > 0 ? chosen : usualFields(type);
}

export function usualFields(type: DataType): readonly DataField[] {
  const label = labelFieldOf(type);
  const kept = new Set(
    type.fields
      .map((field) => ({ field, rank: field === label ? 0 : rankOf(field) }))
      .toSorted((one, other) => one.rank - other.rank)
      .slice(0, usualColumns)
      .map(({ field }) => field),
  );
  return type.fields.filter((field) => kept.has(field));
}

function rankOf(field: DataField): number {
  switch (field.kind) {
    case 'VALUE':
      if (field.isId) return 0;
      if (field.isList || field.type.name === 'JSON') return 4;
      return field.isRequired ? 1 : 2;
    case 'TO_ONE':
      return 1;
    case 'TO_MANY':
      return 3;
  }
}

/** As it stands in a schema: `[String!]!`. */
export function typeText(field: DataField): string {
  switch (field.kind) {
    case 'VALUE': {
      const name = field.isList ? `[${field.type.name}]` : field.type.name;
      return field.isRequired ? `${name}!` : name;
    }
    case 'TO_ONE':
      return field.isRequired ? `${field.target}!` : field.target;
    case 'TO_MANY':
      return `[${field.target}]`;
  }
}
