import type { BadBackfill } from '../sdl/backfill-diagnostics.ts';
import type { Model } from '../sdl/model.ts';
import { castBetween } from './cast.ts';
import { isSameType, scalarOfColumn } from './tables/column-type.ts';
import { tablesOf } from './tables/tables-of.ts';

/** Returns each `@backfill(from:)` whose values cannot be converted to the type of the field. */
export function findBadBackfills(next: Model): readonly BadBackfill[] {
  return tablesOf(next).flatMap((table) =>
    table.columns.flatMap((column): readonly BadBackfill[] => {
      const [fill] = column.fills;
      const source = table.columns.find(
        ({ name }) => fill?.kind === 'COLUMN' && name === fill.column,
      );
      if (source === undefined) return [];
      if (isSameType(source, column) || castBetween(source, column) !== null) return [];
      const [from, to] = [source, column].map(({ type, list }) =>
        list ? `[${scalarOfColumn(type)}!]` : scalarOfColumn(type),
      );
      return [
        {
          type: table.label,
          field: column.origin,
          source: source.origin,
          from: from ?? '',
          to: to ?? '',
        },
      ];
    }),
  );
}
