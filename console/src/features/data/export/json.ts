import type { JsonObject } from '#console/lib/model/json.ts';

import type { ExportColumn } from './export-columns.ts';

/**
 * A JSON list with a row per line, as the project API answers them: `BigInt` and `Decimal` are texts, so that
 * no digit is lost.
 */
export const jsonStart = '[';

export const jsonRow = (columns: readonly ExportColumn[], row: JsonObject, index: number): string =>
  `${index === 0 ? '\n' : ',\n'}${JSON.stringify(
    Object.fromEntries(columns.map(({ name, valueOf }) => [name, valueOf(row)])),
  )}`;

export const jsonEnd = '\n]\n';
