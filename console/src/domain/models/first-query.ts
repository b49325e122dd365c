import { type Model, labelFieldOf } from './project-models.ts';

/**
 * A query that reads the first rows of a model. The fields that identify a row come first.
 *
 * @example firstQuery(issue) // '{ issues(first: 3) { nodes { id title status } totalCount } }'
 */
export function firstQuery(model: Model): string {
  const label = labelFieldOf(model)?.name;
  const values = model.fields
    .filter(({ kind, name }) => kind === 'VALUE' && name !== model.idField && name !== label)
    .map(({ name }) => name);
  const names = [model.idField, ...(label === undefined ? [] : [label]), ...values].slice(0, 4);
  return `{ ${model.many}(first: 3) { nodes { ${names.join(' ')} } totalCount } }`;
}
