import type { DataField, DataModel, DataType } from '#console/lib/model/data-model.ts';
import { labelFieldOf, typeNamed } from '#console/lib/model/data-model.ts';
import type { JsonObject } from '#console/lib/model/json.ts';

import type { Sort, Within } from './data-search.ts';

/** The row that a to-one relation leads to, as every document here asks for it. */
export interface Reference {
  readonly id: string;
  /** What names it to people; none where its type has nothing of the kind, or the value is null. */
  readonly label?: string | number | boolean | null;
}

const selectionOfReference = (type: DataType): string => {
  const label = labelFieldOf(type);
  return `id: ${type.idField}${label === null ? '' : ` label: ${label.name}`}`;
};

function selectionOf(model: DataModel, field: DataField): string {
  switch (field.kind) {
    case 'VALUE':
      return field.name;
    case 'TO_ONE': {
      const target = typeNamed(model, field.target);
      return target === null ? '' : `${field.name} { ${selectionOfReference(target)} }`;
    }
    case 'TO_MANY':
      return `${field.name} { totalCount }`;
  }
}

/** What is asked of each row: its id always, as `_rowId`, and the fields that are shown. */
export function rowSelection(
  model: DataModel,
  type: DataType,
  fields: readonly DataField[],
): string {
  return [`_rowId: ${type.idField}`, ...fields.map((field) => selectionOf(model, field))].join(' ');
}

interface ListShape {
  readonly model: DataModel;
  readonly type: DataType;
  readonly within?: Within | undefined;
}

/** The list at the root, or inside the one row whose list it is. */
function listOf({ model, type, within }: ListShape, args: string, selection: string): string {
  const owner = within === undefined ? null : typeNamed(model, within.type);
  if (within === undefined || owner === null) return `rows: ${type.many}${args} { ${selection} }`;
  const inner = `rows: ${within.field}${args} { ${selection} }`;
  return `owner: ${owner.one}(where: { ${owner.idField}: $owner }) { ${selectionOfReference(owner)} ${inner} }`;
}

const ownerVariable = ({ within }: ListShape): string =>
  within === undefined ? '' : ', $owner: ID!';

/** A page of rows; variables: `where orderBy first after last before`, and `owner` with `within`. */
export function pageDocument(shape: ListShape, selection: string): string {
  const { name } = shape.type;
  const variables = `$where: ${name}WhereInput, $orderBy: [${name}OrderByInput!], $first: Int, $after: Cursor, $last: Int, $before: Cursor${ownerVariable(shape)}`;
  const args =
    '(where: $where, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before)';
  const page = `nodes { ${selection} } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`;
  return `query ConsoleRows(${variables}) { ${listOf(shape, args, page)} }`;
}

export function countDocument(shape: ListShape): string {
  const variables = `$where: ${shape.type.name}WhereInput${ownerVariable(shape)}`;
  return `query ConsoleCount(${variables}) { ${listOf(shape, '(where: $where)', 'totalCount')} }`;
}

/** How many rows each type has: `{ User: { totalCount } … }`. */
export const countsDocument = (types: readonly DataType[]): string =>
  `query ConsoleCounts { ${types.map(({ name, many }) => `${name}: ${many} { totalCount }`).join(' ')} }`;

export const rowDocument = (model: DataModel, type: DataType): string =>
  `query ConsoleRow($id: ID!) { row: ${type.one}(where: { ${type.idField}: $id }) { ${rowSelection(model, type, type.fields)} } }`;

/** Rows to choose from, by their labels. */
export function choicesDocument(type: DataType): string {
  const label = labelFieldOf(type);
  const order = label?.isSortable === true ? `, orderBy: [{ ${label.name}: ASC }]` : '';
  return `query ConsoleChoices($where: ${type.name}WhereInput) { rows: ${type.many}(where: $where, first: 20${order}) { nodes { ${selectionOfReference(type)} } } }`;
}

export const createDocument = (type: DataType, field: string): string =>
  `mutation ConsoleCreate($data: ${type.name}CreateInput!) { row: ${field}(data: $data) { _rowId: ${type.idField} } }`;

export const updateDocument = (type: DataType, field: string, selection: string): string =>
  `mutation ConsoleUpdate($id: ID!, $data: ${type.name}UpdateInput!) { row: ${field}(where: { ${type.idField}: $id }, data: $data) { ${selection} } }`;

export const deleteDocument = (type: DataType, field: string): string =>
  `mutation ConsoleDelete($ids: [ID!]!, $atMost: Int!) { batch: ${field}(where: { ${type.idField}: { in: $ids } }, atMost: $atMost) { count } }`;

/** `-createdAt` and relations by the label of the other row; what cannot be ordered by is left out. */
export function orderByOf(
  model: DataModel,
  type: DataType,
  sorts: readonly Sort[],
): readonly JsonObject[] {
  return sorts.flatMap(({ id, desc }) => {
    const path = sortPathOf(model, type, id);
    if (path === null) return [];
    const field = type.fields.find((each) => each.name === id);
    // Where there is no null, the plain order is the one that an index may have.
    const nulls = field?.kind === 'VALUE' && field.isRequired ? '' : '_NULLS_LAST';
    const direction = `${desc ? 'DESC' : 'ASC'}${nulls}`;
    const [last = '', ...outer] = path.toReversed();
    return [outer.reduce<JsonObject>((inner, name) => ({ [name]: inner }), { [last]: direction })];
  });
}

/** Where the value stands that a column is ordered by; null where there is none. */
export function sortPathOf(
  model: DataModel,
  type: DataType,
  name: string,
): readonly string[] | null {
  const field = type.fields.find((each) => each.name === name);
  if (field?.kind === 'VALUE') return field.isSortable ? [field.name] : null;
  if (field?.kind !== 'TO_ONE') return null;
  const target = typeNamed(model, field.target);
  const label = target === null ? null : labelFieldOf(target);
  return label?.isSortable === true ? [field.name, label.name] : null;
}
