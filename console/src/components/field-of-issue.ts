/**
 * Returns the name of the form field to which the path of a server's issue leads: `claims.0.path` for `['claims', '0',
 * 'path']`. A list of plain values is one field, so `['scopes', '1']` leads to `scopes`.
 *
 * @param values the form's values, whose keys are the names of the fields
 * @returns null if the form has no such field
 */
export function fieldOfIssue(values: object, path: readonly string[]): string | null {
  const [name, index, member] = path;
  if (name === undefined || !Object.hasOwn(values, name)) return null;
  const list: unknown = Reflect.get(values, name);
  if (!Array.isArray(list) || index === undefined || member === undefined) return name;
  const item: unknown = list[Number(index)];
  const isField = typeof item === 'object' && item !== null && Object.hasOwn(item, member);
  return isField ? `${name}.${index}.${member}` : name;
}
