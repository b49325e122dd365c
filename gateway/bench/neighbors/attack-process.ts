// Runs attacks in a separate process. It receives `AttackJob`s from its parent process and replies to each with a
// tally.
import { setMaxListeners } from 'node:events';

import { attacks, type AttackContext, type Target } from './attacks.ts';

export interface AttackJob {
  readonly attack: string;
  readonly target: Target;
  readonly loops: number;
  readonly milliseconds: number;
}

process.on('message', (message) => {
  // Only the benchmark forks this program, and it sends only jobs.
  void run(message as AttackJob).then((tally) => process.send?.([...tally]));
});

async function run({ attack, target, loops, milliseconds }: AttackJob) {
  const strike = attacks.find(({ name }) => name === attack)?.strike;
  if (strike === undefined) throw new Error(`There is no attack "${attack}".`);
  const tally: AttackContext['tally'] = new Map();
  const signal = AbortSignal.timeout(milliseconds);
  setMaxListeners(0, signal);
  const loopOf = async (loop: number) => {
    for (let round = 0; !signal.aborted; round += 1) {
      await strike({ target, tally, loop, round, signal });
    }
  };
  await Promise.all(Array.from({ length: loops }, (_, loop) => loopOf(loop)));
  return tally;
}
