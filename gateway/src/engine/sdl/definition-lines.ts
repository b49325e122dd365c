import { Kind, parse } from 'graphql';
import { directivePlaces } from './directive-places.ts';

/** Where the SDL defines a type or a field, and where a field has `@private`, by `Type` and `Type.field`. */
export interface SdlLines {
  readonly definitions: ReadonlyMap<string, number>;
  readonly privates: ReadonlyMap<string, number>;
}

/** @param text valid SDL */
export function linesOf(text: string): SdlLines {
  const privates = [...directivePlaces(text, 'private')];
  return {
    definitions: definitionLines(text),
    privates: new Map(privates.map(([path, { loc }]) => [path, loc?.startToken.line ?? 1])),
  };
}

function definitionLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (const node of parse(text).definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.OBJECT_TYPE_EXTENSION) {
      continue;
    }
    const type = node.name.value;
    if (!lines.has(type)) lines.set(type, node.name.loc?.startToken.line ?? 1);
    for (const { name } of node.fields ?? []) {
      lines.set(`${type}.${name.value}`, name.loc?.startToken.line ?? 1);
    }
  }
  return lines;
}
