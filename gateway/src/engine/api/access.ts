import type { Field, ModelType, ToManyField, ToOneField } from '../sdl/model.ts';
import { isOwningSide, type ModelIndex } from './model-index.ts';

/** What one caller may use of a project's API. The schema that the caller sees contains nothing else. */
export interface ApiAccess {
  readonly read: ModelSet;
  /** A caller who may write a model but not read it sees only the ids of its rows. */
  readonly write: ModelSet;
  /** May the caller introspect (`__schema`, `__type`, the printed SDL)? */
  readonly introspect: boolean;
}

/** Names of models. Names that the project does not have are ignored. */
export type ModelSet = 'ALL' | ReadonlySet<string>;

export function mayRead(access: ApiAccess, type: string): boolean {
  return includes(access.read, type);
}

export function mayWrite(access: ApiAccess, type: string): boolean {
  return includes(access.write, type);
}

/** Equal for callers who see the same API. */
export function accessKey({ read, write, introspect }: ApiAccess): string {
  return `${setKey(read)}|${setKey(write)}|${introspect ? 'introspect' : ''}`;
}

function includes(set: ModelSet, type: string): boolean {
  return set === 'ALL' || set.has(type);
}

function setKey(set: ModelSet): string {
  return set === 'ALL' ? '*' : [...set].sort().join();
}

interface AccessContext {
  readonly index: ModelIndex;
  readonly access: ApiAccess;
}

/** What a caller who writes a row may do to the rows of one of its relations. */
interface NestedAccess {
  readonly connect: boolean;
  readonly create: boolean;
  /** `disconnect` and `set`: only where the foreign key may be null. */
  readonly detach: boolean;
}

/** For a caller who may write `type` itself. */
export function nestedAccess(
  { index, access }: AccessContext,
  type: ModelType,
  field: ToOneField | ToManyField,
): NestedAccess {
  const link = index.link(type, field);
  const create = mayWrite(access, link.target.name);
  // On the inverse side, connecting writes the foreign key of the other row.
  const connect = mayRead(access, link.target.name) && (link.kind !== 'INVERSE_SIDE' || create);
  return { connect, create, detach: connect && (link.kind === 'MANY_TO_MANY' || !link.required) };
}

/** Does a row have anything that an update can change? If not, its model has no update mutations. */
export function isUpdatable(context: AccessContext, type: ModelType): boolean {
  return type.fields.some((field) => isFieldUpdatable(context, type, field));
}

function isFieldUpdatable(context: AccessContext, type: ModelType, field: Field): boolean {
  if (field.kind === 'VALUE') return field.role === 'PLAIN';
  if (isOwningSide(field)) return true;
  const { connect, create } = nestedAccess(context, type, field);
  return connect || create;
}
