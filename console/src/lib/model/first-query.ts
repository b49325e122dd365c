import { type DataType, labelFieldOf } from './data-model.ts';

/**
 * A query that reads the first rows of a type, with what names them first.
 *
 * @example firstQuery(issue) // '{ issues(first: 3) { nodes { id title status } totalCount } }'
 */
export function firstQuery(type: DataType): string {
  const label = labelFieldOf(type)?.name;
  const values = type.fields
    .filter(({ kind, name }) => kind === 'VALUE' && name !== type.idField && name !== label)
    .map(({ name }) => name);
  const names = [type.idField, ...(label === undefined ? [] : [label]), ...values].slice(0, 4);
  return `{ ${type.many}(first: 3) { nodes { ${names.join(' ')} } totalCount } }`;
}
