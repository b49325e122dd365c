import { Kind, parse, type ConstDirectiveNode } from 'graphql';

/**
 * Finds the uses of a directive on types and fields, by `Type` and `Type.field`.
 *
 * @param text valid SDL
 */
export function directivePlaces(
  text: string,
  directive: string,
): ReadonlyMap<string, ConstDirectiveNode> {
  const places = new Map<string, ConstDirectiveNode>();
  const note = (name: string, directives: readonly ConstDirectiveNode[] = []) => {
    const found = directives.find((each) => each.name.value === directive);
    if (found !== undefined) places.set(name, found);
  };
  for (const node of parse(text).definitions) {
    if (node.kind === Kind.ENUM_TYPE_DEFINITION || node.kind === Kind.ENUM_TYPE_EXTENSION) {
      for (const value of node.values ?? []) {
        note(`${node.name.value}.${value.name.value}`, value.directives);
      }
    }
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) {
      continue;
    }
    note(node.name.value, node.directives);
    for (const field of node.fields ?? []) {
      note(`${node.name.value}.${field.name.value}`, field.directives);
    }
  }
  return places;
}
