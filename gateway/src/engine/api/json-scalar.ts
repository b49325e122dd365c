import { GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import type { Maybe } from 'graphql/jsutils/Maybe.js';
import { storableText } from '../sdl/scalar-values.ts';
import { documentErrors } from '../../graphql/document-errors.ts';

const maxDepth = 100;

/** Parsing gives the JavaScript value: whoever writes SQL makes it text. Null alone never gets here. */
export const jsonScalar = new GraphQLScalarType({
  name: 'JSON',
  description: `Any JSON value, up to ${maxDepth} levels deep.`,
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  parseValue: (value) => storable(value),
  parseLiteral: (node, variables) => storable(valueOf(node, variables), node),
});

function storable(value: unknown, node?: ValueNode): unknown {
  const problem = problemOf(value);
  if (problem !== null) throw documentErrors.valueNotTaken(`JSON takes ${problem}.`, node);
  return value;
}

/** Level by level: a value too deep for recursion is no danger, only too deep. */
function problemOf(value: unknown): string | null {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return `values at most ${maxDepth} levels deep`;
    const next: unknown[] = [];
    for (const each of level) {
      if (typeof each === 'string' && storableText(each) === null) {
        return 'texts without the character NUL and without half of a surrogate pair';
      }
      if (typeof each === 'number' && !Number.isFinite(each)) return 'numbers that fit 64 bits';
      if (typeof each !== 'object' || each === null) continue;
      if (!Array.isArray(each)) for (const name of Object.keys(each)) next.push(name);
      for (const inner of Object.values(each)) next.push(inner);
    }
    level = next;
  }
  return null;
}

/** As the scalar's own part of the GraphQL specification leaves open, variables may stand within. */
function valueOf(node: ValueNode, variables: Maybe<Readonly<Record<string, unknown>>>): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null;
    case Kind.STRING:
    case Kind.BOOLEAN:
      return node.value;
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.INT: {
      const number = Number(node.value);
      if (Number.isSafeInteger(number)) return number;
      throw documentErrors.valueNotTaken(
        'JSON takes whole numbers up to 2^53; write larger ones as texts.',
        node,
      );
    }
    case Kind.ENUM:
      throw documentErrors.valueNotTaken('JSON takes texts in quotes.', node);
    case Kind.LIST:
      return node.values.map((item) => valueOf(item, variables) ?? null);
    case Kind.OBJECT: {
      const entries = node.fields.map(
        ({ name, value }) => [name.value, valueOf(value, variables)] as const,
      );
      // An absent variable leaves its field absent, as in an input object.
      return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    }
    case Kind.VARIABLE:
      return variables?.[node.name.value];
  }
}
