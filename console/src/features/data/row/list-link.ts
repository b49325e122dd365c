import type { JsonObject } from '#console/domain/models/json.ts';
import {
  fieldNamed,
  modelNamed,
  type Model,
  type ProjectModels,
  type ToManyField,
} from '#console/domain/models/project-models.ts';
import { uniqueWhere, type RowId } from '#console/domain/models/row-key.ts';

import type { Within } from '../data-search.ts';
import { textDraft, type Drafts, type WritableField } from './drafts.ts';

/** How a new row gets into the list of another row (the owner). */
export type ListLink = {
  readonly owner: Model;
  readonly field: ToManyField;
} & (
  | {
      /** The new row refers to the owner in this field, which the form shows. */
      readonly by: 'REFERENCE';
      readonly relation: string;
    }
  | {
      /** The new row connects the owner in this field. */
      readonly by: 'CONNECT';
      readonly inverse: string;
    }
  | {
      /** The owner creates the row, because the field of the new row that leads to the owner is unknown. */
      readonly by: 'OWNER';
    }
);

/** Null if `within` does not name a list. */
export function listLinkOf(models: ProjectModels, model: Model, within: Within): ListLink | null {
  const owner = modelNamed(models, within.type);
  const field = owner === null ? null : fieldNamed(owner, within.field);
  if (owner === null || field?.kind !== 'TO_MANY') return null;
  const inverse = field.inverse === null ? null : fieldNamed(model, field.inverse);
  if (inverse?.kind === 'TO_ONE' && inverse.isCreatable) {
    return { owner, field, by: 'REFERENCE', relation: inverse.name };
  }
  if (inverse?.kind === 'TO_MANY') {
    return { owner, field, by: 'CONNECT', inverse: inverse.name };
  }
  return { owner, field, by: 'OWNER' };
}

/** The fields of the form. If the owner creates the row, the API sets one of the relations to the owner's model. */
export function fieldsInList(
  fields: readonly WritableField[],
  link: ListLink | null,
): readonly WritableField[] {
  if (link?.by !== 'OWNER') return fields;
  return fields.map((field) =>
    field.kind === 'TO_ONE' && field.target === link.owner.name
      ? { ...field, isRequired: false }
      : field,
  );
}

/** The drafts of the form that already contain the link. */
export const draftsInList = (link: ListLink | null, ownerId: RowId): Drafts =>
  link?.by === 'REFERENCE' ? { [link.relation]: textDraft(ownerId) } : {};

/** The data of a new row, with the link if the form does not contain it. */
export function dataInList(data: JsonObject, link: ListLink | null, ownerId: RowId): JsonObject {
  if (link?.by !== 'CONNECT') return data;
  return { ...data, [link.inverse]: { connect: [uniqueWhere(link.owner.key, ownerId)] } };
}
