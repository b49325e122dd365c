import { type Model, labelFieldOf } from './project-models.ts';

/**
 * A query that reads the first rows of a model. The fields that identify a row come first.
 *
 * @example firstQuery(issue) // '{ issues(first: 3) { nodes { id title status } totalCount } }'
 */
export function firstQuery(model: Model): string {
  const label = labelFieldOf(model)?.name;
  const values = model.fields.filter(({ kind }) => kind === 'VALUE').map(({ name }) => name);
  const keys = model.key.parts.map(({ name }) => name);
  const first = label === undefined ? keys : [...keys, label];
  const names = [...new Set([...first, ...values])].slice(0, Math.max(4, first.length));
  return `{ ${model.many}(first: 3) { nodes { ${names.join(' ')} } totalCount } }`;
}
