import { createDiagnosticBag } from './diagnostic-bag.ts';
import type { Diagnostic } from './diagnostics.ts';
import { directivePlaces } from './directive-places.ts';

/** A `@rename` that does not fit the current schema. */
export interface BadRename {
  readonly type: string;
  /** Null if the type itself is renamed. */
  readonly field: string | null;
  readonly from: string;
  /** Whether the current schema has both names, or neither of them. */
  readonly cause: 'BOTH' | 'NEITHER';
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
    if (rename.cause === 'BOTH') {
      bag.report(
        at,
        'BAD_RENAME',
        `${name} cannot be renamed from ${from}: the current schema has both ${old} and ${name}.`,
        `Remove @rename to keep both. To replace ${name} by ${old}, apply a schema without ${name} first, then this one.`,
      );
    } else {
      const meant = closest === null ? '' : ` Did you mean \`@rename(from: "${closest}")\`?`;
      bag.report(
        at,
        'BAD_RENAME',
        `${name} cannot be renamed from ${from}: the current schema has neither ${old} nor ${name}.`,
        `Set \`from\` to a name in the current schema, or remove @rename if ${name} is new.${meant}`,
      );
    }
  }
  return bag.all();
}
