import { profileKey, type RuleProfile } from '../rules/profile.ts';

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

/** Whether the scopes of a caller contain a type. */
export function contains(set: ModelSet, type: string): boolean {
  return set === 'ALL' || set.has(type);
}

/** A key that is equal for callers with the same access. */
export function accessKey({ read, write, introspect, rules }: ApiAccess): string {
  const profile = rules === null ? '' : `|${profileKey(rules)}`;
  return `${setKey(read)}|${setKey(write)}|${introspect ? 'introspect' : ''}${profile}`;
}

/** The access to a whole API. */
export const everything: ApiAccess = {
  read: 'ALL',
  write: 'ALL',
  introspect: true,
  rules: null,
};

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

function setKey(set: ModelSet): string {
  return set === 'ALL' ? '*' : [...set].sort().join();
}
