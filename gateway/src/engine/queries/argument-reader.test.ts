import { buildSchema, Kind, parse, type FieldNode } from 'graphql';
import { describe, expect, it } from 'vitest';

import { argumentReader } from './argument-reader.ts';

const schema = buildSchema('type Query { f(a: Int!, b: [Int] = [1], c: String): Int }');

/** Reads the arguments of `f` with the given variables. */
function read(text: string, variables: Record<string, unknown>) {
  const field = schema.getQueryType()?.getFields()['f'];
  const [definition] = parse(`query ($x: Int!, $y: [Int], $z: String) { f(${text}) }`).definitions;
  const node =
    definition?.kind === Kind.OPERATION_DEFINITION && definition.selectionSet.selections[0];
  if (field === undefined || node === false || node?.kind !== Kind.FIELD) throw new Error(text);
  return argumentReader(field, node satisfies FieldNode)(variables);
}

describe('the arguments of a field', () => {
  it('are the values of variables, or the defaults', () => {
    expect(read('a: $x', { x: 5 })).toEqual({ a: 5, b: [1] });
    expect(read('a: $x, b: $y, c: $z', { x: 5, y: [2], z: 'z' })).toEqual({ a: 5, b: [2], c: 'z' });
  });

  it('are literals, and lists that contain variables', () => {
    expect(read('a: 1, b: [$x]', { x: 5 })).toEqual({ a: 1, b: [5] });
  });

  it('are left out or null as the variables are', () => {
    expect(read('a: $x, b: $y, c: $z', { x: 5 })).toEqual({ a: 5, b: [1] });
    expect(read('a: $x, b: $y, c: $z', { x: 5, y: null, z: null })).toEqual({
      a: 5,
      b: null,
      c: null,
    });
  });

  it('cannot be null or missing if they are required', () => {
    expect(() => read('a: $x', {})).toThrow('"a"');
    expect(() => read('a: $x', { x: null })).toThrow('"a"');
  });
});
