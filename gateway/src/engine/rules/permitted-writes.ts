import type { ASTNode } from 'graphql';
import type { AccessOperation, AllowRule, FieldAccess } from '../sdl/access-model.ts';
import type { DiagnosticBag } from '../sdl/diagnostic-bag.ts';
import type { Field, Model, ModelType } from '../sdl/model.ts';
import type { TypeDraft } from '../sdl/outline.ts';
import { guardedFields } from './guarded-fields.ts';
import { fieldAccess, rulesOf } from './rights.ts';

interface NarrowingRule {
  readonly use: { readonly name: string; at(argument: 'to'): ASTNode };
  readonly to: readonly AccessOperation[];
}

/** Reports operations of `@require` and of a field's rules that no rule of the type permits. */
export function refuseMissingAllows(
  { use, to }: NarrowingRule,
  allows: readonly AllowRule[],
  { name }: ModelType,
  bag: DiagnosticBag,
): void {
  for (const operation of to) {
    if (allows.some((rule) => rule.to.includes(operation))) continue;
    bag.report(use.at('to'), 'MISSING_ALLOW', `This @${use.name}`, operation, name);
  }
}

/** Reports fields because of which callers with rules could never create a row of a type. */
export function refuseUnwritable(
  model: Model,
  drafts: readonly TypeDraft[],
  bag: DiagnosticBag,
): void {
  const { access, types } = model;
  const guarded = guardedFields(model);
  for (const type of types) {
    const canCreate = rulesOf(access, type.name)?.allows.some(({ to }) => to.includes('CREATE'));
    if (canCreate !== true) continue;
    const draft = drafts.find(({ name }) => name === type.name);
    for (const field of type.fields.filter(mustBeGiven)) {
      const path = `${type.name}.${field.name}`;
      const rules = fieldAccess(access, type.name, field.name);
      const problem = problemOf(rules, guarded.has(path));
      const at = draft?.fields.find(({ name }) => name === field.name)?.node.name;
      if (problem === null || at === undefined) continue;
      const hint = wayOut(field, type, problem);
      bag.report(at, 'UNWRITABLE_FIELD', path, type.name, reasons[problem], hint);
    }
  }
}

/** Whether a new row needs a value for the field in the input. */
export function mustBeGiven(field: Field): boolean {
  if (field.kind === 'TO_MANY' || !field.required) return false;
  if (field.kind === 'TO_ONE') return field.key !== null;
  const isWritten = field.role === 'ID' || field.role === 'PLAIN';
  return isWritten && field.default === null && field.generate === null;
}

const reasons = {
  PRIVATE: 'it is private',
  PRESET: 'its preset is only set by an UPDATE',
  RULES: 'its @allow rules do not permit CREATE',
  GUARDED: 'rules read it to decide what the caller may do',
} as const;

function problemOf(rules: FieldAccess | null, isGuarded: boolean): keyof typeof reasons | null {
  if (rules?.preset?.on.includes('CREATE') === true) return null;
  if (rules?.isPrivate === true) return 'PRIVATE';
  if (rules !== null && rules.preset !== null) return 'PRESET';
  if (rules !== null && rules.allows.length > 0) {
    return rules.allows.some(({ to }) => to.includes('CREATE')) ? null : 'RULES';
  }
  return isGuarded ? 'GUARDED' : null;
}

function wayOut(field: Field, type: ModelType, problem: keyof typeof reasons): string {
  const permit = `remove CREATE from the rules of ${type.name}`;
  if (type.key.fields.includes(field.name)) {
    return `Generate the key, for example with \`id: ID! @id\`, or ${permit}.`;
  }
  const preset = field.kind === 'VALUE' ? '@default or @preset' : '@preset(value: "$user.id")';
  if (problem === 'GUARDED') {
    return `Permit it with \`@allow(to: [CREATE])\` on the field, add ${preset}, or ${permit}.`;
  }
  if (problem === 'RULES') {
    return `Add CREATE to the rules of the field, add ${preset}, or ${permit}.`;
  }
  return problem === 'PRESET'
    ? `Write \`on: [CREATE, UPDATE]\`, or ${permit}.`
    : `Add ${preset}, make the field optional, or ${permit}.`;
}
