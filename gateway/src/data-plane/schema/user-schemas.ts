import { LRUCache } from 'lru-cache';

import { userSchemaOf, type UserSchema } from '../../engine/schema.ts';
import type { Compute } from '../compute/tasks.ts';
import { hashOfSdl, projectSchema } from '../projects/project-schema.ts';

/**
 * Reads which fields and claims of an applied SDL the settings of trusted issuers can refer to. Long SDL is read on the
 * compute thread.
 * @param ref the project, whose requests take turns with those of other projects
 * @throws the errors of `ComputeThread.run`
 */
export type UserSchemas = (ref: string, sdl: string) => Promise<UserSchema>;

/** The number of characters of SDL that are read on the main thread. They take a few milliseconds. */
const maxLengthHere = 4_000;
const maxCached = 100;

export function createUserSchemas(compute: Compute): UserSchemas {
  const cached = new LRUCache<string, UserSchema>({ max: maxCached });
  return async (ref, sdl) => {
    const hash = hashOfSdl(sdl);
    const known = cached.get(hash);
    if (known !== undefined) return known;
    const read =
      sdl.length <= maxLengthHere
        ? userSchemaOf(projectSchema(sdl, hash).model())
        : await compute.run('readUserSchema', { owner: ref, input: { sdl, hash } });
    cached.set(hash, read);
    return read;
  };
}
