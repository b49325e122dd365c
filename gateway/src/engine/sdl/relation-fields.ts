import type { DiagnosticBag } from './diagnostic-bag.ts';
import type { FieldDraft, FieldType } from './drafts.ts';
import type { Relation, ToManyField, ToOneField } from './model.ts';
import { keyNameOf } from './relations.ts';

const forValuesOnly = ['id', 'default', 'createdAt', 'updatedAt', 'constraint'] as const;

/** A field whose type is a model, once its relation is known. */
export function readRelationField(
  draft: FieldDraft,
  type: FieldType,
  relation: Relation,
  isOwningSide: boolean,
): ToOneField | ToManyField {
  const base = {
    name: draft.name,
    description: draft.node.description?.value ?? null,
    renamedFrom: draft.directives.first('rename')?.text('from') ?? null,
    target: type.name,
    relation: relation.name,
  };
  if (type.list) return { kind: 'TO_MANY', ...base };
  const key =
    isOwningSide && relation.kind === 'FOREIGN_KEY'
      ? { name: keyNameOf(draft.name), column: relation.column }
      : null;
  return { kind: 'TO_ONE', ...base, required: type.required, key };
}

export function refuseValueDirectives(draft: FieldDraft, bag: DiagnosticBag): void {
  for (const name of forValuesOnly) {
    const use = draft.directives.first(name);
    if (use !== undefined) {
      bag.report(use.node, 'DIRECTIVE_MISPLACED', name, 'the field is a relation');
    }
  }
}
