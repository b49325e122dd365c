/** What one caller may use of a project's API. What it may not use is not in the schema that it sees. */
export interface ApiAccess {
  readonly read: ModelSet;
  /** Writing a type alone shows of it no more than the id. */
  readonly write: ModelSet;
  /** May it ask the API what it has (`__schema`, `__type`, the printed SDL)? */
  readonly introspect: boolean;
}

/** Names of model types. Names that the model does not have mean nothing. */
export type ModelSet = 'ALL' | ReadonlySet<string>;

export function mayRead(access: ApiAccess, type: string): boolean {
  return includes(access.read, type);
}

export function mayWrite(access: ApiAccess, type: string): boolean {
  return includes(access.write, type);
}

/** The same for callers who see the same API. */
export function accessKey({ read, write, introspect }: ApiAccess): string {
  return `${setKey(read)}|${setKey(write)}|${introspect ? 'introspect' : ''}`;
}

function includes(set: ModelSet, type: string): boolean {
  return set === 'ALL' || set.has(type);
}

function setKey(set: ModelSet): string {
  return set === 'ALL' ? '*' : [...set].sort().join();
}
