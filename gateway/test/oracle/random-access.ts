import type { ApiAccess, ModelSet } from '../../src/engine/api/access.ts';
import type { Model } from '../../src/engine/sdl/model.ts';
import type { Tape } from './tape.ts';

/** Usually returns access to everything, but sometimes only to some types, so that parts of the API are missing. */
export function randomAccess({ types }: Model, tape: Tape): ApiAccess {
  const names = types.map(({ name }) => name);
  const some = (): ModelSet => (tape.oneIn(4) ? new Set(tape.subset(names, 6)) : 'ALL');
  return { read: some(), write: some(), introspect: true, rules: null };
}
