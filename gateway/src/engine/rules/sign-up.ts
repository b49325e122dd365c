import type { DiagnosticBag } from '../sdl/diagnostic-bag.ts';
import type { FieldDirectives } from '../sdl/directives.ts';
import type { Field, Model, ModelType } from '../sdl/model.ts';
import type { TypeDraft } from '../sdl/outline.ts';
import { guardedFields } from './guarded-fields.ts';
import { emailField } from './references.ts';
import type { RuleContext } from './rule-context.ts';

/** Whether a new user can set a field with `createMe`: the directive `@signUp`. */
export function readSignUp(
  { userType, bag }: RuleContext,
  directives: FieldDirectives,
  type: ModelType,
  field: Field,
): boolean {
  const use = directives.first('signUp');
  if (use === undefined) return false;
  const path = `${type.name}.${field.name}`;
  if (type.name !== userType?.name) {
    const what = `${path} has @signUp, but ${type.name} is not the @user model.`;
    bag.report(use.node, 'BAD_SIGN_UP', what, 'Remove @signUp.');
  }
  const why = reasonAgainst(field, directives);
  if (why !== null) {
    bag.report(use.node, 'BAD_SIGN_UP', `${path} cannot have @signUp: ${why}.`, 'Remove @signUp.');
  }
  return true;
}

function reasonAgainst(field: Field, directives: FieldDirectives): string | null {
  if (field.kind !== 'VALUE') return 'it is a relation';
  if (field.role === 'ID') return 'it is the key';
  if (field.role !== 'PLAIN') return 'it is set automatically';
  if (field.name === emailField) return 'the address comes from the token, if it is verified';
  return directives.has('preset') ? 'it has a preset' : null;
}

/** Reports fields with `@signUp` that rules read to decide what a user may do. */
export function refuseGuardedSignUps(
  model: Model,
  drafts: readonly TypeDraft[],
  bag: DiagnosticBag,
): void {
  const { userType = null } = model.access ?? {};
  const guarded = guardedFields(model);
  const fields = drafts.find(({ name }) => name === userType)?.fields ?? [];
  for (const { name, directives } of fields) {
    const use = directives.first('signUp');
    const path = `${userType ?? ''}.${name}`;
    if (use === undefined || !guarded.has(path)) continue;
    const what = `${path} has @signUp, but rules read it to decide what a user may do.`;
    const hint = 'Remove @signUp, or do not use the field in rules.';
    bag.report(use.node, 'BAD_SIGN_UP', what, hint);
  }
}
