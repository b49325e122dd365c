import { readBackfill } from './backfill.ts';
import { valueTypeOf } from './columns.ts';
import type { DiagnosticBag } from './diagnostic-bag.ts';
import { deprecationOf, refuseMisplaced } from './directives.ts';
import { readConstraint } from './field-constraint.ts';
import { readPrecision } from './field-decimal.ts';
import { readGenerator, readGiven } from './field-default.ts';
import { keyGenerator, refuseBadKey } from './key-field.ts';
import type { FieldRole, ValueField } from './model.ts';
import type { FieldDraft, FieldType, Outline } from './outline.ts';
import type { PatternChecks } from './pattern/pattern-checks.ts';

export interface ValueFieldContext {
  readonly enums: Outline['enums'];
  readonly patterns: PatternChecks;
  /** Whether the SDL was applied before. */
  readonly isApplied: boolean;
}

interface ValueFieldDraft {
  readonly draft: FieldDraft;
  readonly type: FieldType;
  readonly column: string;
}

/** Reads a field whose type is a scalar or an enum. */
export function readValueField(
  { draft, type, column }: ValueFieldDraft,
  { enums, patterns, isApplied }: ValueFieldContext,
  bag: DiagnosticBag,
): ValueField {
  const role = readRole(draft, type, bag);
  const constraint = readConstraint(draft, type, patterns, bag);
  const decimal = readPrecision(draft, type, bag);
  const context = { draft, type, constraint, decimal, enums, isApplied };
  refuseMisplaced(draft.directives, 'RELATIONS', `${type.name} is not a model`, bag);
  return {
    kind: 'VALUE',
    name: draft.name,
    description: draft.node.description?.value ?? null,
    deprecationReason: deprecationOf(draft.directives),
    renamedFrom: draft.directives.first('rename')?.value('from') ?? null,
    column,
    type: valueTypeOf(draft, type),
    list: type.list,
    required: type.required,
    role,
    generate: role === 'ID' ? keyGenerator(draft, type, bag) : readGenerator(context, bag),
    default: readGiven('default', context, bag),
    backfill: readBackfill(draft, type, () => readGiven('backfill', context, bag), bag),
    constraint,
  };
}

const timestamps = [
  { directive: 'createdAt', role: 'CREATED_AT' },
  { directive: 'updatedAt', role: 'UPDATED_AT' },
] as const;

function readRole({ directives }: FieldDraft, type: FieldType, bag: DiagnosticBag): FieldRole {
  const [first, second] = timestamps.filter(({ directive }) => directives.has(directive));
  const id = directives.first('id');
  if (id !== undefined) {
    refuseBadKey(id, directives, type, bag);
    return 'ID';
  }
  if (first === undefined) return 'PLAIN';
  const node = directives.first(first.directive)?.node;
  if (node === undefined) return 'PLAIN';
  if (type.name !== 'DateTime' || type.list) {
    bag.report(node, 'BAD_ROLE_TYPE', first.directive, 'DateTime!');
  }
  if (second !== undefined) {
    const why = `the field also has @${second.directive}`;
    bag.report(node, 'DIRECTIVE_MISPLACED', first.directive, why);
  }
  for (const name of ['default', 'unique', 'constraint'] as const) {
    const use = directives.first(name);
    if (use === undefined) continue;
    bag.report(use.node, 'DIRECTIVE_MISPLACED', name, `@${first.directive} sets the value`);
  }
  return first.role;
}
