import { labelFieldOf, type Model, type ModelKey } from './project-models.ts';
import { keyAlias, labelAlias } from './rows.ts';

/** The values of the key, which `idOfRow` reads. */
export const selectionOfKey = ({ parts }: ModelKey): string =>
  parts.map(({ name }, index) => `${keyAlias(index)}: ${name}`).join(' ');

/** A row with its label, which `referenceOf` reads. */
export const selectionOfReference = (model: Model): string => {
  const label = labelFieldOf(model);
  const key = selectionOfKey(model.key);
  return label === null ? key : `${key} ${labelAlias}: ${label.name}`;
};

export function labelOrder(model: Model): string {
  const label = labelFieldOf(model);
  return label?.isSortable === true ? `, orderBy: [{ ${label.name}: ASC }]` : '';
}

/** Rows for a picker, sorted by label. */
export function choicesDocument(model: Model): string {
  return `query ConsoleChoices($where: ${model.name}WhereInput) { rows: ${model.many}(where: $where, first: 20${labelOrder(model)}) { nodes { ${selectionOfReference(model)} } } }`;
}
