import { createDiagnosticBag } from './diagnostic-bag.ts';
import type { Diagnostic } from './diagnostics.ts';
import { directivePlaces } from './directive-places.ts';

/** A `@backfill(from:)` whose values cannot be converted. */
export interface BadBackfill {
  readonly type: string;
  readonly field: string;
  readonly source: string;
  /** The types of the source and of the field. */
  readonly from: string;
  readonly to: string;
}

/** Returns the diagnostics for backfills without a conversion. @param text valid SDL */
export function explainBadBackfills(
  text: string,
  backfills: readonly BadBackfill[],
): readonly Diagnostic[] {
  if (backfills.length === 0) return [];
  const places = directivePlaces(text, 'backfill');
  const bag = createDiagnosticBag();
  for (const { type, field, source, from, to } of backfills) {
    const at = places.get(`${type}.${field}`) ?? { line: 1, column: 1 };
    bag.report(
      at,
      'BAD_BACKFILL',
      `${type}.${field} cannot be filled from ${source}, because there is no conversion from ${from} to ${to}.`,
      `Fill it from a field of type ${to}, or set \`value\`.`,
    );
  }
  return bag.all();
}
