import type { DiagnosticBag } from './diagnostic-bag.ts';
import type { FieldDirectives } from './directives.ts';
import type { ValueGenerator } from './model.ts';
import type { FieldDraft, FieldType } from './outline.ts';

type IdUse = NonNullable<ReturnType<FieldDirectives['first']>>;

/** Reports what a field with `@id` cannot have. */
export function refuseBadKey(
  { node }: Pick<IdUse, 'node'>,
  directives: FieldDirectives,
  { name, list, required }: FieldType,
  bag: DiagnosticBag,
): void {
  if (list || !required) bag.report(node, 'BAD_ID_TYPE', name);
  for (const other of ['default', 'createdAt', 'updatedAt'] as const) {
    const use = directives.first(other);
    if (use === undefined) continue;
    bag.report(use.node, 'DIRECTIVE_MISPLACED', other, 'it cannot be combined with @id');
  }
}

/** How each type of key makes values. The first one is the default. */
const generators: Readonly<Record<string, readonly (ValueGenerator | 'NONE')[]>> = {
  ID: ['UUID'],
  UUID: ['UUID', 'NONE'],
  String: ['NONE', 'CUID', 'NANOID', 'UUID'],
  Int: ['SEQUENCE'],
  BigInt: ['SEQUENCE'],
};

/** Reads how the field with `@id` makes the keys of rows that are created without one. */
export function keyGenerator(
  { directives }: FieldDraft,
  { name }: FieldType,
  bag: DiagnosticBag,
): ValueGenerator | null {
  const possible = generators[name] ?? ['NONE'];
  const use = directives.first('id');
  const given = use?.value('generate') ?? null;
  if (use !== undefined && given !== null && !possible.includes(given)) {
    const named = possible.filter((each) => each !== 'SEQUENCE');
    bag.report(use.at('generate'), 'BAD_GENERATOR', given, name, named);
    return null;
  }
  const generator = given ?? possible[0] ?? 'NONE';
  return generator === 'NONE' ? null : generator;
}
