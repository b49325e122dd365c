import type { Field, ModelType, ToManyField, ToOneField } from '../sdl/model.ts';
import { profileKey, type RuleProfile } from '../rules/profile.ts';
import { isInKey, isOwningSide, type ModelIndex } from './model-index.ts';

/** The parts of a project's API that a caller can use. The schema for this caller contains nothing else. */
export interface ApiAccess {
  readonly read: ModelSet;
  /** A caller that can write a model but not read it can see only the ids of its rows. */
  readonly write: ModelSet;
  /** Whether the caller can use introspection (`__schema`, `__type`, the printed SDL). */
  readonly introspect: boolean;
  /** Null for callers to whom access rules do not apply: servers and members of the organization. */
  readonly rules: RuleProfile | null;
}

/** Names of models. Names that do not exist in the project are ignored. */
export type ModelSet = 'ALL' | ReadonlySet<string>;

export function mayRead(access: ApiAccess, type: string): boolean {
  return includes(access.read, type);
}

export function mayWrite(access: ApiAccess, type: string): boolean {
  return includes(access.write, type);
}

/** A key that is equal for callers with the same access. */
export function accessKey({ read, write, introspect, rules }: ApiAccess): string {
  const profile = rules === null ? '' : `|${profileKey(rules)}`;
  return `${setKey(read)}|${setKey(write)}|${introspect ? 'introspect' : ''}${profile}`;
}

const everything: ApiAccess = { read: 'ALL', write: 'ALL', introspect: true, rules: null };

/**
 * Returns the access whose API introspection and the printed SDL describe. A caller that can read the schema but no
 * data, such as a code generator, sees the whole API. All other callers see the API that they can use.
 */
export function describedAccess(access: ApiAccess): ApiAccess {
  const { read, write, introspect, rules } = access;
  return rules === null && introspect && isEmpty(read) && isEmpty(write) ? everything : access;
}

function isEmpty(set: ModelSet): boolean {
  return set !== 'ALL' && set.size === 0;
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

/** What a caller can do with the related rows when it writes a row. */
interface NestedAccess {
  readonly connect: boolean;
  readonly create: boolean;
  /** `disconnect` and `set`, which require a nullable foreign key or a join table. */
  readonly detach: boolean;
}

/** Returns what a caller that can write `type` can do with the rows on the other side of `field`. */
export function nestedAccess(
  { index, access }: AccessContext,
  type: ModelType,
  field: ToOneField | ToManyField,
): NestedAccess {
  const link = index.link(type, field);
  const create = mayWrite(access, link.target.name);
  // On the inverse side, `connect` writes the foreign key of the other row, but keys do not change.
  const canAttach = link.kind !== 'INVERSE_SIDE' || (create && !link.inKey);
  const connect = mayRead(access, link.target.name) && canAttach;
  return { connect, create, detach: connect && (link.kind === 'MANY_TO_MANY' || !link.required) };
}

/** Whether an update can change any field of a row. If not, the model has no update mutations. */
export function isUpdatable(context: AccessContext, type: ModelType): boolean {
  return type.fields.some((field) => isFieldUpdatable(context, type, field));
}

function isFieldUpdatable(context: AccessContext, type: ModelType, field: Field): boolean {
  if (field.kind === 'VALUE' || isOwningSide(field)) {
    return !isInKey(type, field) && (field.kind !== 'VALUE' || field.role === 'PLAIN');
  }
  const { connect, create } = nestedAccess(context, type, field);
  return connect || create;
}
