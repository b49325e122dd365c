import { assertNever } from '../../platform/assert-never.ts';
import { guardedFields } from '../rules/guarded-fields.ts';
import { mustBeGiven } from '../rules/permitted-writes.ts';
import { fieldAccess, isReadByEveryone, may, mayField, rulesOf } from '../rules/rights.ts';
import type { AccessOperation } from '../sdl/access-model.ts';
import type {
  Field,
  Model,
  ModelType,
  ToManyField,
  ToOneField,
  UniqueKey,
  ValueField,
} from '../sdl/model.ts';
import { contains, type ApiAccess } from './access.ts';
import { isInKey, isOwningSide, type Link, type ModelIndex } from './model-index.ts';

// What callers with the same access can do: the scopes of `ApiAccess` and the access rules of the model must both
// permit it. The rules decide by type, field and profile. Whether they permit a row is decided in SQL.

export interface AccessContext {
  readonly index: ModelIndex;
  readonly access: ApiAccess;
}

/** The operations that write the fields of a row. */
export type Writing = 'CREATE' | 'UPDATE';

export function mayRead(context: AccessContext, type: string): boolean {
  return contains(context.access.read, type) && rulesPermit(context, type, 'READ');
}

/** Whether the caller can create rows, with a value for at least one field and for each field that needs one. */
export function mayCreate(context: AccessContext, type: ModelType): boolean {
  return (
    contains(context.access.write, type.name) &&
    rulesPermit(context, type.name, 'CREATE') &&
    type.fields.some((field) => isFieldCreatable(context, type, field)) &&
    !type.fields.some((field) => isMissingInNewRows(context, type, field))
  );
}

/** Whether new rows need a value of a field that neither the caller nor a preset can set. */
function isMissingInNewRows(context: AccessContext, type: ModelType, field: Field): boolean {
  if (!mustBeGiven(field)) return false;
  const { preset = null } = fieldAccess(context.index.model.access, type.name, field.name) ?? {};
  if (preset?.on.includes('CREATE') === true) return false;
  return !mayWriteField(context, { type: type.name, field: field.name, writing: 'CREATE' });
}

/** Whether the caller can change rows. With access rules, this also needs READ. */
function mayUpdate(context: AccessContext, type: string): boolean {
  return contains(context.access.write, type) && rulesPermitChange(context, type, 'UPDATE');
}

/** Whether the caller can delete rows. With access rules, this also needs READ. */
export function mayDelete(context: AccessContext, type: string): boolean {
  return contains(context.access.write, type) && rulesPermitChange(context, type, 'DELETE');
}

/** Whether the caller is a user who can create its own row. This needs no rule for CREATE. */
export function maySignUp(
  { index: { model }, access: { rules, write } }: AccessContext,
  type: string,
): boolean {
  if (rules === null || type !== model.access?.userType) return false;
  return contains(write, type) && (rules.audience === 'USER' || rules.audience === 'ANY');
}

/** The fields that a new user can set. */
export function signUpFields(
  { index: { model } }: AccessContext,
  { name, fields }: ModelType,
): readonly ValueField[] {
  return fields.flatMap((field) =>
    field.kind === 'VALUE' && fieldAccess(model.access, name, field.name)?.isSignUp === true
      ? [field]
      : [],
  );
}

function rulesPermitChange(
  context: AccessContext,
  type: string,
  operation: 'UPDATE' | 'DELETE',
): boolean {
  return rulesPermit(context, type, operation) && rulesPermit(context, type, 'READ');
}

/** Whether the rules let some caller with this profile do this. Always true for callers without rules. */
function rulesPermit(
  { index: { model }, access: { rules } }: AccessContext,
  type: string,
  operation: AccessOperation,
): boolean {
  return rules === null || may(model.access, rules, { type, operation });
}

/** Whether the rules of a field let the caller read it, for a caller that can read the type. */
export function mayReadField(
  { index: { model }, access: { rules } }: AccessContext,
  type: string,
  field: string,
): boolean {
  return rules === null || mayField(model.access, rules, { type, field, operation: 'READ' });
}

/**
 * Whether rules can hide the value of a field, so that it is nullable. Equal for all callers with rules, also if the
 * rules permit a caller everything.
 */
export function isHideable(
  { index: { model }, access: { rules } }: AccessContext,
  type: string,
  field: string,
): boolean {
  return rules !== null && (fieldAccess(model.access, type, field)?.allows.length ?? 0) > 0;
}

/** Whether rules can hide the rows of a type. Equal for all callers with rules. */
export function hasHideableRows(
  { index: { model }, access: { rules } }: AccessContext,
  type: string,
): boolean {
  return rules !== null && !isReadByEveryone(model.access, type);
}

/** Whether the rules of a field let the caller write it, for a caller that can create or update rows of the type. */
export function mayWriteField(
  { index: { model }, access: { rules } }: AccessContext,
  { type, field, writing }: WrittenField,
): boolean {
  if (rules === null) return true;
  const { preset = null, allows = [] } = fieldAccess(model.access, type, field) ?? {};
  if (preset !== null) return false;
  // Rules of a guarded field can permit to write it.
  if (allows.length === 0 && guardedIn(model).has(`${type}.${field}`)) return false;
  return mayField(model.access, rules, { type, field, operation: writing });
}

const guards = new WeakMap<Model, ReadonlySet<string>>();

function guardedIn(model: Model): ReadonlySet<string> {
  const known = guards.get(model);
  if (known !== undefined) return known;
  const guarded = guardedFields(model);
  guards.set(model, guarded);
  return guarded;
}

interface WrittenField {
  readonly type: string;
  readonly field: string;
  readonly writing: Writing;
}

/**
 * Whether the foreign keys of other rows can refer to rows of this type: LINK if the type has rules for it, otherwise
 * READ.
 */
function mayReferTo(context: AccessContext, type: string): boolean {
  const hasLinkRules = rulesOf(context.index.model.access, type)?.allows.some(({ to }) =>
    to.includes('LINK'),
  );
  return rulesPermit(context, type, hasLinkRules === true ? 'LINK' : 'READ');
}

/** Whether the caller can add rows of this type to a many-to-many relation, and remove them. READ is not enough. */
function mayPair(context: AccessContext, type: string): boolean {
  return rulesPermit(context, type, 'LINK') || rulesPermitChange(context, type, 'UPDATE');
}

/** Whether the caller can write the foreign key of a relation with its columns. */
export function mayWriteKey(
  context: AccessContext,
  { type, field, writing }: WrittenRelation,
): boolean {
  return (
    mayWriteField(context, { type: type.name, field: field.name, writing }) &&
    mayReferTo(context, field.target)
  );
}

/** What a caller can do with the related rows when it writes a row. */
export interface NestedAccess {
  readonly connect: boolean;
  readonly create: boolean;
  /** `disconnect` and `set`, which require a nullable foreign key or a join table. */
  readonly detach: boolean;
}

/** A relation of a row that the caller creates or updates. */
interface WrittenRelation {
  readonly type: ModelType;
  readonly field: ToOneField | ToManyField;
  readonly writing: Writing;
}

/** Returns what a caller that can write `type` can do with the rows on the other side of `field`. */
export function nestedAccess(context: AccessContext, relation: WrittenRelation): NestedAccess {
  const { target } = relation.field;
  const link = context.index.link(relation.type, relation.field);
  const connect =
    contains(context.access.read, target) &&
    mayAttach(context, relation, 'UPDATE') &&
    mayConnect(context, link);
  const create = mayCreate(context, link.target) && mayAttach(context, relation, 'CREATE');
  const detach = connect && isDetachable(link) && rulesPermit(context, target, 'READ');
  return { connect, create, detach };
}

function isDetachable(link: Link): boolean {
  return link.kind === 'MANY_TO_MANY' || !link.required;
}

/** Whether a nested input can detach rows for some caller. Equal for all callers with rules. */
export function hasDetachingInput(context: AccessContext, relation: WrittenRelation): boolean {
  if (relation.writing !== 'UPDATE') return false;
  if (context.access.rules === null) return nestedAccess(context, relation).detach;
  return isDetachable(context.index.link(relation.type, relation.field));
}

/**
 * Whether the rules of the relation let the caller attach a row on its other side.
 * @param other whether the row on the other side is created or updated
 */
function mayAttach(
  context: AccessContext,
  { type, field, writing }: WrittenRelation,
  other: Writing,
): boolean {
  const own = { type: type.name, field: field.name };
  if (!mayWriteField(context, { ...own, writing })) return false;
  const relation = context.index.relation(field.relation);
  if (relation.kind === 'FOREIGN_KEY') {
    return (
      isOwningSide(field) || mayWriteField(context, { ...relation.owningSide, writing: other })
    );
  }
  const sides = relation.sides.filter((side) => side.type !== own.type || side.field !== own.field);
  return (
    mayPair(context, type.name) &&
    sides.every(
      (side) =>
        mayPair(context, side.type) &&
        mayWriteField(context, { type: side.type, field: side.field, writing: other }),
    )
  );
}

function mayConnect(context: AccessContext, link: Link): boolean {
  switch (link.kind) {
    case 'OWNING_SIDE':
      return mayReferTo(context, link.target.name);
    case 'INVERSE_SIDE':
      // `connect` writes the foreign key of the other row, but keys do not change.
      return !link.inKey && mayUpdate(context, link.target.name);
    case 'MANY_TO_MANY':
      return true;
    default:
      return assertNever(link);
  }
}

/** Returns what the inputs for the rows on the other side of all relations to `type` contain. */
export function incomingAccess(context: AccessContext, type: ModelType): NestedAccess {
  if (context.access.rules === null) {
    return {
      connect: mayRead(context, type.name),
      create: mayCreate(context, type),
      detach: true,
    };
  }
  const incoming = context.index.model.types.flatMap((from) =>
    writingsOf(context, from).flatMap((writing) =>
      from.fields.flatMap((field) =>
        field.kind !== 'VALUE' && field.target === type.name
          ? [nestedAccess(context, { type: from, field, writing })]
          : [],
      ),
    ),
  );
  return {
    connect: incoming.some(({ connect }) => connect),
    create: incoming.some(({ create }) => create),
    detach: incoming.some(({ detach }) => detach),
  };
}

function writingsOf(context: AccessContext, type: ModelType): readonly Writing[] {
  return [
    ...(mayCreate(context, type) ? (['CREATE'] as const) : []),
    ...(mayUpdate(context, type.name) ? (['UPDATE'] as const) : []),
  ];
}

/** A nested `create` does not count: it alone would not be a reason to create the row. */
function isFieldCreatable(context: AccessContext, type: ModelType, field: Field): boolean {
  if (field.kind === 'VALUE') {
    const isGiven = field.role === 'ID' || field.role === 'PLAIN';
    return (
      isGiven && mayWriteField(context, { type: type.name, field: field.name, writing: 'CREATE' })
    );
  }
  return isOwningSide(field) && mayWriteKey(context, { type, field, writing: 'CREATE' });
}

/** Whether an update can change any field of a row. If not, the model has no update mutations. */
export function isUpdatable(context: AccessContext, type: ModelType): boolean {
  return (
    mayUpdate(context, type.name) &&
    type.fields.some((field) => isFieldUpdatable(context, type, field))
  );
}

function isFieldUpdatable(context: AccessContext, type: ModelType, field: Field): boolean {
  if (isInKey(type, field)) return false;
  const writing = 'UPDATE';
  if (field.kind === 'VALUE') {
    return (
      field.role === 'PLAIN' &&
      mayWriteField(context, { type: type.name, field: field.name, writing })
    );
  }
  if (isOwningSide(field) && mayWriteKey(context, { type, field, writing })) return true;
  const { connect, create } = nestedAccess(context, { type, field, writing });
  return connect || create;
}

/** The keys by which the caller can identify a row: only the primary key if the rules do not let it read any row. */
export function keysOf(context: AccessContext, type: ModelType): readonly UniqueKey[] {
  const { index } = context;
  const keys = rulesPermit(context, type.name, 'READ') ? [type.key, ...type.uniques] : [type.key];
  return keys.filter((key) =>
    index.columnsOf(type, key).every(({ field }) => mayReadField(context, type.name, field.name)),
  );
}

/** Whether the caller can sort rows of a type by a field of the rows or of their relations. */
export function hasOrder(
  context: AccessContext,
  type: ModelType,
  seen: Set<string> = new Set(),
): boolean {
  // Callers without rules have an input for the order in any case.
  if (context.access.rules === null) return true;
  if (seen.has(type.name)) return false;
  seen.add(type.name);
  return type.fields.some((field) => {
    if (!mayReadField(context, type.name, field.name)) return false;
    if (field.kind === 'VALUE') return isOrdered(field);
    if (field.kind === 'TO_MANY' || !mayRead(context, field.target)) return false;
    return hasOrder(context, context.index.type(field.target), seen);
  });
}

export function isOrdered({ list, type }: ValueField): boolean {
  return !list && !(type.kind === 'SCALAR' && type.name === 'JSON');
}
