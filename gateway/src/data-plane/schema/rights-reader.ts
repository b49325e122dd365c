import { readRights, type RightsReading } from '../compute/read-rights.ts';
import type { Compute } from '../compute/tasks.ts';

/**
 * Describes what callers with access rules can do with an SDL. Long SDL is read on the compute thread.
 *
 * @param ref the project, whose requests take turns with those of other projects
 * @throws the errors of `ComputeThread.run`
 */
export type RightsReader = (ref: string, sdl: string) => Promise<RightsReading>;

/** The number of characters of SDL that are read on the main thread. They take a few milliseconds. */
const maxLengthHere = 4_000;

export function createRightsReader(compute: Compute): RightsReader {
  return async (owner, sdl) =>
    sdl.length <= maxLengthHere
      ? readRights(sdl)
      : compute.run('readRights', { owner, input: sdl });
}
