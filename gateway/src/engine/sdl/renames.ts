import type { DiagnosticBag } from './diagnostic-bag.ts';
import type { FieldDraft, TypeDraft } from './drafts.ts';

/** Reports renames that could not be followed: to itself, or two from one name. */
export function checkRenames(types: readonly TypeDraft[], bag: DiagnosticBag): void {
  checkTogether(types, bag);
  for (const type of types) checkTogether(type.fields, bag);
}

function checkTogether(drafts: readonly (TypeDraft | FieldDraft)[], bag: DiagnosticBag): void {
  const taken = new Map<string, string>();
  for (const { name, directives } of drafts) {
    const use = directives.first('rename');
    const from = use?.text('from') ?? null;
    if (use === undefined || from === null) continue;
    const other = taken.get(from);
    if (from === name) bag.report(use.node, 'BAD_RENAME', `${name} cannot be renamed from itself.`);
    else if (other !== undefined) {
      bag.report(use.node, 'BAD_RENAME', `${name} and ${other} are both renamed from ${from}.`);
    }
    taken.set(from, name);
  }
}
