import { assertNever } from '../../platform/assert-never.ts';
import type { Columns } from './columns.ts';
import type { DiagnosticBag } from './diagnostic-bag.ts';
import type { FieldDirectives } from './directives.ts';
import { typesOfGenerators } from './field-default.ts';
import type { Backfill, JsonValue } from './model.ts';
import type { FieldDraft, FieldType, TypeDraft } from './outline.ts';

type BackfillUse = NonNullable<ReturnType<typeof useOf>>;

/**
 * Reads `@backfill` on a field.
 *
 * @param readValue reads a literal of the field's type, and reports an invalid one
 */
export function readBackfill(
  { directives }: FieldDraft,
  type: FieldType,
  readValue: () => JsonValue,
  bag: DiagnosticBag,
): Backfill | null {
  const use = useOf(directives);
  if (use === undefined) return null;
  const given = argumentsOf(use);
  const [only] = given;
  if (given.length !== 1 || only === undefined) {
    bag.report(use.node, 'BAD_BACKFILL', ...oneArgument);
    return null;
  }
  switch (only) {
    case 'from':
      return { kind: 'FIELD', field: use.value('from') ?? '' };
    case 'value': {
      const value = readValue();
      return value === null ? null : { kind: 'VALUE', value };
    }
    case 'generate': {
      const generate = use.value('generate');
      if (generate === null) return null;
      const possible = [...typesOfGenerators[generate], ...(generate === 'UUID' ? ['ID'] : [])];
      if (type.list || type.kind !== 'SCALAR' || !possible.includes(type.name)) {
        const types = possible.join(' or ');
        bag.report(
          use.at('generate'),
          'BAD_BACKFILL',
          `${type.name} fields cannot be filled with ${generate}.`,
          `Use ${generate} only for a single ${types}, or set \`value\` or \`from\`.`,
        );
        return null;
      }
      return { kind: 'GENERATE', generate };
    }
    default:
      return assertNever(only);
  }
}

const oneArgument = [
  '@backfill needs exactly one of `value`, `from` and `generate`.',
  'Write for example `@backfill(value: 0)`, `@backfill(from: "email")` or `@backfill(generate: UUID)`.',
] as const;

/** Reads `@backfill` on a relation, which can only name another field. */
export function readRelationBackfill(
  { name, directives }: FieldDraft,
  bag: DiagnosticBag,
): Backfill | null {
  const use = useOf(directives);
  if (use === undefined) return null;
  const from = use.value('from');
  if (from === null || argumentsOf(use).length !== 1) {
    bag.report(
      use.node,
      'BAD_BACKFILL',
      `The relation ${name} can be filled only from another field.`,
      'Write for example `@backfill(from: "author")`.',
    );
    return null;
  }
  return { kind: 'FIELD', field: from };
}

/** Reports `@backfill(from:)` with a field that cannot be the source. */
export function refuseBadSources(
  types: readonly TypeDraft[],
  columns: Columns,
  bag: DiagnosticBag,
): void {
  for (const type of types) {
    const sources = new Map(type.fields.map((field) => [field.name, sourceOf(field)]));
    for (const { name, directives } of type.fields) {
      const use = useOf(directives);
      const from = use?.value('from') ?? null;
      if (use === undefined || from === null) continue;
      const why = problemOf(name, from, { type, sources, columns });
      if (why === null) continue;
      const hint = `Set \`from\` to another field of ${type.name} that is stored in ${type.name}.`;
      bag.report(use.at('from'), 'BAD_BACKFILL', `${type.name}.${name} ${why}`, hint);
    }
  }
}

function problemOf(
  name: string,
  from: string,
  context: {
    readonly type: TypeDraft;
    readonly sources: ReadonlyMap<string, string | null>;
    readonly columns: Columns;
  },
): string | null {
  const { type, sources, columns } = context;
  const [own, other] = [columns.ofField(type.name, name), columns.ofField(type.name, from)];
  // A field with an invalid type has no columns, and its type is reported.
  if (own.length === 0) return null;
  if (!sources.has(from)) return `cannot be filled from ${from}, which does not exist.`;
  if (own.length !== other.length) return `cannot be filled from ${from}, which has other columns.`;
  const seen = new Set([name]);
  for (let source: string | null = from; source !== null; source = sources.get(source) ?? null) {
    if (source === name) return `cannot be filled from itself.`;
    if (seen.has(source)) return null;
    seen.add(source);
  }
  return null;
}

function sourceOf({ directives }: FieldDraft): string | null {
  return useOf(directives)?.value('from') ?? null;
}

function useOf(directives: FieldDirectives) {
  return directives.first('backfill');
}

function argumentsOf(use: BackfillUse): readonly ('value' | 'from' | 'generate')[] {
  return (['value', 'from', 'generate'] as const).filter((name) => use.value(name) !== null);
}
