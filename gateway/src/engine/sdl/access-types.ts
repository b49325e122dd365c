import type { DiagnosticBag } from './diagnostic-bag.ts';
import type { FieldDraft, Outline, TypeDraft } from './outline.ts';

/** Reports misuse of `@user` and `@claims`, which mark types. */
export function refuseBadAccessTypes({ types, claims }: Outline, bag: DiagnosticBag): void {
  const [user, ...others] = types.filter(({ directives }) => directives.has('user'));
  for (const { name, directives } of others) {
    const what = `${user?.name ?? ''} and ${name} both have @user, but only one model can have it.`;
    const hint = 'Keep it on the model whose rows are the end users.';
    bag.report(directives.first('user')?.node ?? first, 'BAD_USER_MODEL', what, hint);
  }
  for (const { name, directives } of types) {
    const use = directives.first('claims');
    if (use === undefined) continue;
    const what = `${name} has @model and @claims, but claims are not stored in a table.`;
    bag.report(use.node, 'BAD_CLAIMS_TYPE', what, 'Declare the claims in a type without @model.');
  }
  for (const { name, node } of claims.slice(1)) {
    const what = `${claims[0]?.name ?? ''} and ${name} both have @claims, but only one type can have it.`;
    bag.report(node.name, 'BAD_CLAIMS_TYPE', what, 'Declare all claims in one type.');
  }
  for (const type of claims) refuseBadClaims(type, bag);
}

const first = { line: 1, column: 1 };

function refuseBadClaims({ name, directives, fields }: TypeDraft, bag: DiagnosticBag): void {
  for (const { name: directive, node } of directives.all) {
    if (directive === 'claims') continue;
    const what = `@${directive} is on ${name}, which is not a model.`;
    bag.report(node, 'BAD_CLAIMS_TYPE', what, 'A type with @claims has no other directives.');
  }
  for (const field of fields) {
    const problem = problemOf(field);
    if (problem !== null) bag.report(field.node.type, 'BAD_CLAIMS_TYPE', ...problem);
    for (const { name: directive, node } of field.directives.all) {
      const what = `@${directive} is on a claim, which is not stored in a column.`;
      bag.report(node, 'BAD_CLAIMS_TYPE', what, 'Remove it.');
    }
  }
}

/** What is wrong with the type of a claim, and what to write instead. */
function problemOf({ name, type }: FieldDraft): readonly [string, string] | null {
  if (type === null) return null;
  if (type.kind === 'MODEL') {
    return [
      `The claim ${name} is a relation, but claims are values.`,
      `Declare the key of the row: \`${name}Id: ID\`.`,
    ];
  }
  if (type.name === 'JSON') {
    return [
      `The claim ${name} is JSON, with which rules cannot compare.`,
      'Declare the scalar that rules need. A claim can be mapped to a value inside an object.',
    ];
  }
  if (!type.required) return null;
  return [`The claim ${name} is required, but a token can lack it.`, 'Remove the last `!`.'];
}
