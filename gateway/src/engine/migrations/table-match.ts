import type { JoinTableRelation, Model } from '../sdl/model.ts';
import type { Table } from './tables/table.ts';
import { matchModels, type Match } from './match.ts';

/** Which table and column of the current model continues as which of the next. */
export interface TableMatch {
  readonly pairs: readonly { readonly before: Table; readonly after: Table }[];
  /** The next name of a current table, or null if it goes. */
  readonly nextName: (table: string) => string | null;
  /** What a column of a next table was for before, if it was there. */
  readonly originBefore: (after: Table, origin: string) => string | null;
}

export function matchTables(
  models: { readonly current: Model; readonly next: Model },
  tables: { readonly current: readonly Table[]; readonly next: readonly Table[] },
): TableMatch {
  const match = matchModels(models.current, models.next);
  const labels = new Map([...match.types, ...matchJoinTables(models, match)]);
  const current = new Map(tables.current.map((table) => [`${table.kind} ${table.label}`, table]));
  const pairs = tables.next.flatMap((after) => {
    const before = current.get(`${after.kind} ${labels.get(after.label) ?? ''}`);
    return before === undefined ? [] : [{ before, after }];
  });
  const nextNames = new Map(pairs.map(({ before, after }) => [before.name, after.name]));
  return {
    pairs,
    nextName: (table) => nextNames.get(table) ?? null,
    originBefore: (after, origin) =>
      after.kind === 'JOIN'
        ? sideBefore(origin, match)
        : (match.fields.get(`${after.label}.${origin}`) ?? null),
  };
}

/** Pairs of lists stay the same where both of their sides do, whichever comes first. */
function matchJoinTables(
  { current, next }: { readonly current: Model; readonly next: Model },
  match: Match,
): ReadonlyMap<string, string> {
  const before = new Map(joinTablesOf(current).map((join) => [sidesOf(join), join.name]));
  return new Map(
    joinTablesOf(next).flatMap((join) => {
      const name = before.get(sidesOf(join, (side) => sideBefore(side, match)));
      return name === undefined ? [] : [[join.name, name] as const];
    }),
  );
}

function joinTablesOf(model: Model): readonly JoinTableRelation[] {
  return model.relations.filter((relation) => relation.kind === 'JOIN_TABLE');
}

function sidesOf(
  { sides }: JoinTableRelation,
  rename: (side: string) => string | null = (side) => side,
): string {
  return sides
    .map(({ type, field }) => rename(`${type}.${field}`) ?? '')
    .sort()
    .join(' ');
}

/** `Issue.labels` → what this side was called before. */
function sideBefore(side: string, match: Match): string | null {
  const type = match.types.get(side.slice(0, side.indexOf('.')));
  const field = match.fields.get(side);
  return type === undefined || field === undefined ? null : `${type}.${field}`;
}
