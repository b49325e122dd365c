import { expect, it } from 'vitest';
import { readModel } from '../../../test/engine/project.ts';
import { explainBadBackfills } from '../sdl/backfill-diagnostics.ts';
import { findBadBackfills } from './find-bad-backfills.ts';

const diagnostics = (sdl: string) => explainBadBackfills(sdl, findBadBackfills(readModel(sdl)));

it('reports a source whose values cannot be converted', () => {
  const sdl = 'type T @model {\n  id: ID! @id\n  a: [Int!]!\n  b: Date @backfill(from: "a")\n}';
  expect(diagnostics(sdl)).toEqual([
    {
      code: 'BAD_BACKFILL',
      message: 'T.b cannot be filled from a, because there is no conversion from [Int!] to Date.',
      hint: 'Fill it from a field of type Date, or set `value`.',
      line: 4,
      column: 11,
    },
  ]);
});

it('accepts a source of the same type, or with a conversion', () => {
  const sdl =
    'type T @model { id: ID! @id a: Int b: Int @backfill(from: "a") c: String @backfill(from: "a") d: T @backfill(from: "e") e: UUID }';
  expect(diagnostics(sdl)).toEqual([]);
});
