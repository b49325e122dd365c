import type { ASTNode } from 'graphql';
import { everything } from '../api/access.ts';
import { createApiContext } from '../api/api-context.ts';
import { indexModel } from '../api/model-index.ts';
import type {
  AccessModel,
  AllowRule,
  FieldAccess,
  RequireRule,
  TypeAccess,
} from '../sdl/access-model.ts';
import { isScalarName } from '../sdl/scalars.ts';
import type { Claim } from '../sdl/access-model.ts';
import type { DiagnosticBag } from '../sdl/diagnostic-bag.ts';
import { limits } from '../sdl/limits.ts';
import type { Field, Model, ModelType } from '../sdl/model.ts';
import type { FieldDraft, Outline, TypeDraft } from '../sdl/outline.ts';
import { readPreset } from './preset.ts';
import { readSignUp, refuseGuardedSignUps } from './sign-up.ts';
import { refuseBadReuse } from './reused-rules.ts';
import { createRuleReader, type RuleReader } from './rule-reader.ts';
import type { RuleContext } from './rule-context.ts';
import { refuseMissingAllows, refuseUnwritable } from './permitted-writes.ts';

/** The directives about access, on types and on fields. */
const ofTypes = ['user', 'allow', 'require'] as const;
const ofFields = ['allow', 'preset', 'private', 'signUp'] as const;

/** The model's parts that do not depend on access rules. They are valid. */
type BaseModel = Omit<Model, 'access'>;

/**
 * Reads the directives about access. Mistakes are in the bag.
 *
 * @param base the model of the same SDL, which has no diagnostics
 * @returns null if the SDL has none of these directives
 */
export function readRules(
  { types, claims }: Outline,
  base: BaseModel,
  bag: DiagnosticBag,
): AccessModel | null {
  if (claims.length === 0 && !types.some(hasDirectives)) return null;
  const model: Model = { ...base, access: null };
  const index = indexModel(model);
  const user = types.find(({ directives }) => directives.has('user'));
  const userType = user === undefined ? null : index.type(user.name);
  if (userType !== null && userType.key.columns.length > 1) {
    const what = `${userType.name} has a key of several fields, but rows of the @user model are identified by one field.`;
    const hint = 'Give it a single key: `id: ID! @id`. Make the other fields @unique(fields:).';
    bag.report(
      user?.directives.first('user')?.node ?? { line: 1, column: 1 },
      'BAD_USER_MODEL',
      what,
      hint,
    );
  }
  const declared = claims.flatMap(readClaims);
  const context: RuleContext = {
    api: createApiContext(index, everything),
    userType,
    claims: claims.length === 0 ? null : new Map(declared.map((claim) => [claim.name, claim])),
    bag,
  };
  const reader = createRuleReader(context);
  const read = types.map((draft) => readType(context, reader, draft, index.type(draft.name)));
  refuseBadReuse(reader.rules, bag);
  const access: AccessModel = {
    userType: userType?.name ?? null,
    claims: declared,
    claimConditions: reader.claimConditions,
    types: read.filter(
      ({ allows, requires, fields }) => allows.length + requires.length + fields.length > 0,
    ),
  };
  refuseUnwritable({ ...base, access }, types, bag);
  refuseGuardedSignUps({ ...base, access }, types, bag);
  return access;
}

function hasDirectives({ directives, fields }: TypeDraft): boolean {
  return (
    ofTypes.some((name) => directives.has(name)) ||
    fields.some((field) => ofFields.some((name) => field.directives.has(name)))
  );
}

function readClaims({ fields }: TypeDraft): readonly Claim[] {
  return fields.flatMap(({ name, type }): readonly Claim[] => {
    if (type === null || type.kind === 'MODEL') return [];
    const { kind, name: of, list } = type;
    if (kind === 'ENUM') return [{ name, type: { kind, name: of }, list }];
    return isScalarName(of) ? [{ name, type: { kind, name: of }, list }] : [];
  });
}

function readType(
  context: RuleContext,
  reader: RuleReader,
  draft: TypeDraft,
  type: ModelType,
): TypeAccess {
  const { bag } = context;
  const { directives } = draft;
  const allowUses = directives.every('allow');
  const requireUses = directives.every('require');
  limitRules([...allowUses, ...requireUses], `@allow and @require on ${type.name}`, bag);
  const allows = allowUses.map((use): AllowRule => reader.allow(use, { type, field: null }));
  const requires = requireUses.map((use): RequireRule => reader.require(use, type));
  for (const [index, use] of requireUses.entries()) {
    refuseMissingAllows({ use, to: requires[index]?.to ?? [] }, allows, type, bag);
  }
  const byName = new Map(type.fields.map((field) => [field.name, field]));
  const fields = draft.fields.flatMap((each) => {
    const field = byName.get(each.name);
    return field === undefined ? [] : readField({ context, reader, allows }, each, type, field);
  });
  return { type: type.name, allows, requires, fields };
}

interface FieldContext {
  readonly context: RuleContext;
  readonly reader: RuleReader;
  /** The rules of the type. */
  readonly allows: readonly AllowRule[];
}

function readField(
  { context, reader, allows: ofType }: FieldContext,
  { directives }: FieldDraft,
  type: ModelType,
  field: Field,
): readonly FieldAccess[] {
  const { bag } = context;
  const uses = directives.every('allow');
  limitRules(uses, `@allow on ${type.name}.${field.name}`, bag);
  const allows = uses.map((use) => reader.allow(use, { type, field }));
  for (const [index, use] of uses.entries()) {
    refuseMissingAllows({ use, to: allows[index]?.to ?? [] }, ofType, type, bag);
  }
  const preset = readPreset(context, directives, type, field);
  const isPrivate = readPrivate(directives, type, field, bag);
  const isSignUp = readSignUp(context, directives, type, field);
  if (allows.length === 0 && preset === null && !isPrivate && !isSignUp) return [];
  return [{ field: field.name, isPrivate, allows, preset, isSignUp }];
}

function readPrivate(
  directives: FieldDraft['directives'],
  type: ModelType,
  { name }: Field,
  bag: DiagnosticBag,
): boolean {
  const use = directives.first('private');
  if (use === undefined) return false;
  const path = `${type.name}.${name}`;
  const rule = directives.first('allow');
  if (type.key.fields.includes(name)) {
    const hint = 'Remove @private. To hide whole rows, change the @allow rules of the type.';
    bag.report(
      use.node,
      'BAD_PRIVATE',
      `${path} is part of the key, which is never private.`,
      hint,
    );
  } else if (rule !== undefined) {
    const hint = 'Remove @private, or remove the @allow rules of the field.';
    bag.report(use.node, 'BAD_PRIVATE', `${path} has @allow rules and @private.`, hint);
  }
  return true;
}

function limitRules(
  uses: readonly { readonly node: ASTNode }[],
  what: string,
  bag: DiagnosticBag,
): void {
  const beyond = uses[limits.rules];
  if (beyond === undefined) return;
  bag.report(beyond.node, 'TOO_MANY', what, limits.rules, 'Combine conditions with `or`.');
}
