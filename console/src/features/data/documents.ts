import type { JsonObject } from '#console/domain/models/json.ts';
import {
  labelFieldOf,
  modelNamed,
  type Model,
  type ModelField,
  type ProjectModels,
  type ValueField,
} from '#console/domain/models/project-models.ts';
import {
  labelOrder,
  selectionOfKey,
  selectionOfReference,
} from '#console/domain/models/reference-documents.ts';

import type { Within } from './data-search.ts';
import type { Sort } from './data-view.ts';

function selectionOf(models: ProjectModels, field: ModelField): string {
  switch (field.kind) {
    case 'VALUE':
      return field.name;
    case 'KEY':
      return '';
    case 'TO_ONE': {
      const target = modelNamed(models, field.target);
      return target === null ? '' : `${field.name} { ${selectionOfReference(target)} }`;
    }
    case 'TO_MANY':
      return `${field.name} { totalCount }`;
  }
}

/** The selection set of a row: its key and the given fields. */
export function rowSelection(
  models: ProjectModels,
  model: Model,
  fields: readonly ModelField[],
): string {
  return [selectionOfKey(model.key), ...fields.map((field) => selectionOf(models, field))]
    .filter((selection) => selection !== '')
    .join(' ');
}

interface ListShape {
  readonly models: ProjectModels;
  readonly model: Model;
  readonly within?: Within | undefined;
}

/** Selects the list of rows from a root field or, with `within`, from a field of the row that the list belongs to. */
function listOf({ models, model, within }: ListShape, args: string, selection: string): string {
  const owner = within === undefined ? null : modelNamed(models, within.type);
  if (within === undefined || owner === null) return `rows: ${model.many}${args} { ${selection} }`;
  const inner = `rows: ${within.field}${args} { ${selection} }`;
  return `owner: ${owner.one}(where: $owner) { ${selectionOfReference(owner)} ${inner} }`;
}

const ownerVariable = ({ within }: ListShape): string =>
  within === undefined ? '' : `, $owner: ${within.type}WhereUniqueInput!`;

/** A page of rows. Variables: `where orderBy first after last before`, and `owner` if `within` is set. */
export function pageDocument(shape: ListShape, selection: string): string {
  const { name } = shape.model;
  const variables = `$where: ${name}WhereInput, $orderBy: [${name}OrderByInput!], $first: Int, $after: Cursor, $last: Int, $before: Cursor${ownerVariable(shape)}`;
  const args =
    '(where: $where, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before)';
  const page = `nodes { ${selection} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`;
  return `query ConsoleRows(${variables}) { ${listOf(shape, args, page)} }`;
}

export function countDocument(shape: ListShape): string {
  const variables = `$where: ${shape.model.name}WhereInput${ownerVariable(shape)}`;
  return `query ConsoleCount(${variables}) { ${listOf(shape, '(where: $where)', 'totalCount')} }`;
}

/** The number of rows in each model: `{ User: { totalCount } … }`. */
export const countsDocument = (models: ProjectModels): string =>
  `query ConsoleCounts { ${models.map(({ name, many }) => `${name}: ${many} { totalCount }`).join(' ')} }`;

export const rowDocument = (models: ProjectModels, model: Model): string =>
  `query ConsoleRow($key: ${model.name}WhereUniqueInput!) { row: ${model.one}(where: $key) { ${rowSelection(models, model, model.fields)} } }`;

/** The first 20 rows of a to-many relation of one row, sorted by label. */
export function linksDocument(owner: Model, field: string, target: Model): string {
  const rows = `rows: ${field}(first: 20${labelOrder(target)}) { totalCount nodes { ${selectionOfReference(target)} } }`;
  return `query ConsoleLinks($key: ${owner.name}WhereUniqueInput!) { owner: ${owner.one}(where: $key) { ${rows} } }`;
}

/** Creates a row in a to-many relation of another row. */
export const createInListDocument = (
  { updateField, field }: { readonly updateField: string; readonly field: string },
  owner: Model,
  target: Model,
): string =>
  `mutation ConsoleCreateInList($owner: ${owner.name}WhereUniqueInput!, $data: ${target.name}CreateInput!) { owner: ${updateField}(where: $owner, data: { ${field}: { create: [$data] } }) { ${selectionOfKey(owner.key)} } }`;

export const createDocument = (model: Model, field: string): string =>
  `mutation ConsoleCreate($data: ${model.name}CreateInput!) { row: ${field}(data: $data) { ${selectionOfKey(model.key)} } }`;

export const updateDocument = (model: Model, field: string, selection: string): string =>
  `mutation ConsoleUpdate($key: ${model.name}WhereUniqueInput!, $data: ${model.name}UpdateInput!) { row: ${field}(where: $key, data: $data) { ${selection} } }`;

export const deleteDocument = (model: Model, field: string): string =>
  `mutation ConsoleDelete($where: ${model.name}WhereInput!, $atMost: Int!) { batch: ${field}(where: $where, atMost: $atMost) { count } }`;

/**
 * The `orderBy` argument. Relations are sorted by the related row's label or key. Fields that cannot be sorted are ignored.
 */
export function orderByOf(
  models: ProjectModels,
  model: Model,
  sorts: readonly Sort[],
): readonly JsonObject[] {
  return sorts.flatMap(({ id, desc }) => {
    const path = sortPathOf(models, model, id);
    if (path === null) return [];
    const field = model.fields.find((each) => each.name === id);
    // A required field has no nulls, so omit NULLS LAST: without it, an index can provide the sort order.
    const nulls = field?.kind === 'VALUE' && field.isRequired ? '' : '_NULLS_LAST';
    const direction = `${desc ? 'DESC' : 'ASC'}${nulls}`;
    const [last = '', ...outer] = path.toReversed();
    return [outer.reduce<JsonObject>((inner, name) => ({ [name]: inner }), { [last]: direction })];
  });
}

/** The path of the value that a column is sorted by; null if the column cannot be sorted. */
export function sortPathOf(
  models: ProjectModels,
  model: Model,
  name: string,
): readonly string[] | null {
  const field = model.fields.find((each) => each.name === name);
  if (field?.kind === 'VALUE') return field.isSortable ? [field.name] : null;
  if (field?.kind !== 'TO_ONE') return null;
  const target = modelNamed(models, field.target);
  const shown = target === null ? null : (labelFieldOf(target) ?? valueKeyOf(target));
  return shown?.isSortable === true ? [field.name, shown.name] : null;
}

/** The key that is shown instead of a label, unless its order has no meaning. */
const valueKeyOf = ({ fields }: Model): ValueField | undefined =>
  fields
    .filter((field) => field.kind === 'VALUE')
    .find(({ isId, type }) => isId && type.name !== 'ID' && type.name !== 'UUID');
