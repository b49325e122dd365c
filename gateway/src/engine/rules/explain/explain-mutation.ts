import { assertNever } from '../../../platform/assert-never.ts';
import type { ProjectApi } from '../../api/project-api.ts';
import type { WriteOperation } from '../../api/bindings.ts';
import type { MutationPlan } from '../../queries/plan.ts';
import type { AccessOperation } from '../../sdl/access-model.ts';
import type { RuleProfile } from '../profile.ts';
import { triedRules, type Decision } from './tried-rules.ts';

/** The rules about the root fields of a mutation that was not run. */
export function explainMutation(
  { index }: ProjectApi,
  { fields }: MutationPlan,
  profile: RuleProfile,
): readonly Decision[] {
  const { access } = index.model;
  if (access === null) return [];
  return fields.flatMap((field) => {
    if (field.kind !== 'WRITE') return [];
    const type = field.type.name;
    return operationsOf(field.operation).flatMap((operation) =>
      triedRules(access, profile, { type, operation }).map((rule) => ({ ...rule, rows: null })),
    );
  });
}

function operationsOf(operation: WriteOperation): readonly AccessOperation[] {
  switch (operation) {
    case 'CREATE_ONE':
    case 'CREATE_MANY':
      return ['CREATE'];
    case 'UPDATE_ONE':
    case 'UPDATE_MANY':
      return ['UPDATE'];
    case 'UPSERT_ONE':
      return ['CREATE', 'UPDATE'];
    case 'DELETE_ONE':
    case 'DELETE_MANY':
      return ['DELETE'];
    case 'CREATE_ME':
      // Needs no permission.
      return [];
    default:
      return assertNever(operation);
  }
}
