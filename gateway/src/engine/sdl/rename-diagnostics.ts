import { assertNever } from '../../platform/assert-never.ts';
import { createDiagnosticBag } from './diagnostic-bag.ts';
import type { Diagnostic } from './diagnostics.ts';
import { directivePlaces } from './directive-places.ts';

/** A `@rename` that does not fit the current schema. */
export interface BadRename {
  /** A type or an enum. */
  readonly type: string;
  /** A field or an enum value. Null if the type itself is renamed. */
  readonly field: string | null;
  readonly from: string;
  /**
   * Whether the current schema has both names, or neither of them. `KEPT_LIST` and `OTHER_SHAPE`: `from` is a list of a
   * many-to-many relation that is kept, or the type does not have a relation to each of its types.
   */
  readonly cause: 'BOTH' | 'NEITHER' | 'KEPT_LIST' | 'OTHER_SHAPE';
  /** A current name that could be meant. Null if there is none. */
  readonly closest: string | null;
}

/** Returns the diagnostics for renames that do not fit the current schema. @param text valid SDL */
export function explainBadRenames(
  text: string,
  renames: readonly BadRename[],
): readonly Diagnostic[] {
  if (renames.length === 0) return [];
  const places = directivePlaces(text, 'rename');
  const bag = createDiagnosticBag();
  for (const rename of renames) {
    const { type, field, from, closest } = rename;
    const [name, old] = field === null ? [type, from] : [`${type}.${field}`, `${type}.${from}`];
    const at = places.get(name) ?? { line: 1, column: 1 };
    bag.report(at, 'BAD_RENAME', ...wordsFor(rename.cause, { name, old, from, closest }));
  }
  return bag.all();
}

function wordsFor(
  cause: BadRename['cause'],
  {
    name,
    old,
    from,
    closest,
  }: Pick<BadRename, 'from' | 'closest'> & { readonly name: string; readonly old: string },
): readonly [message: string, hint: string] {
  const what = `${name} cannot be renamed from ${from}`;
  switch (cause) {
    case 'BOTH':
      return [
        `${what}: the current schema has both ${old} and ${name}.`,
        `Remove @rename to keep both. To replace ${name} by ${old}, apply a schema without ${name} first, then this one.`,
      ];
    case 'NEITHER': {
      const meant = closest === null ? '' : ` Did you mean \`@rename(from: "${closest}")\`?`;
      return [
        `${what}: the current schema has neither ${old} nor ${name}.`,
        `Set \`from\` to a name in the current schema, or remove @rename if ${name} is new.${meant}`,
      ];
    }
    case 'KEPT_LIST':
      return [
        `${name} cannot take over the pairs of ${from}, because the many-to-many relation is kept.`,
        'Remove both lists of the many-to-many relation, or remove @rename.',
      ];
    case 'OTHER_SHAPE':
      return [
        `${name} cannot take over the pairs of ${from}, because it does not have exactly one relation to each of the two models.`,
        `Add a relation to the key of each model. If there are several, mark one with \`@rename(from: "list")\`, with the name of the list in its model.`,
      ];
    default:
      return assertNever(cause);
  }
}
