import { sql } from '../../sql/sql.ts';
import type { Draft } from '../draft.ts';
import type { Part } from '../template.ts';
import { insertPart, pairsPart, type IdOf, type Returning } from './insert.ts';

const returningNothing: Returning = { key: '', sql: () => sql`` };

/** The new rows and pairs of a draft, which one statement can write. */
export function draftParts({ rows, pairs }: Draft, idOf: IdOf): readonly Part[] {
  const options = { idOf, returning: returningNothing, skipDuplicates: false };
  return [
    ...[...rows].map(([shape, each]) => insertPart(shape, each, options)),
    ...[...pairs].map(([relation, each]) => pairsPart(relation, each, idOf)),
  ];
}
