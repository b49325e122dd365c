import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { useLive } from '../../../test/live/live-kit.ts';
import { LiveWorld, type LiveCounts } from '../../../test/live/live-world.ts';
import { withRevisions } from '../../../test/live/revisions.ts';
import { randomWorld } from '../../../test/oracle/rules/random-world.ts';
import { fullTapes } from '../../../test/oracle/tape.ts';
import { readSdl } from '../../engine/schema.ts';

const database = useTestDatabase();
const kit = useLive(database);
const { runs, seed = randomInt(2 ** 31) } = inject('propertyTests');

/** Each world has some sessions of writers and subscribers, one after the other. */
const sessions = 4;
const worlds = Math.ceil((runs + 8) / sessions);
const timeout = 60_000 + runs * 3_000;
const counts: LiveCounts = {
  sessions: 0,
  queries: 0,
  checks: 0,
  frames: 0,
  patches: 0,
  patching: 0,
  streams: 0,
  ruledStreams: 0,
  events: 0,
  reconnects: 0,
  writes: 0,
  sql: 0,
  applies: 0,
  kills: 0,
  refused: 0,
};

describe(`in ${worlds} worlds with access rules (seed ${seed})`, { timeout }, () => {
  it('subscribers have what a fresh query returns, and replicas have the present rows', async () => {
    const property = fc.asyncProperty(
      fullTapes(150),
      fullTapes(1_500),
      fullTapes(400),
      fullTapes(8_000),
      async (ofModel, ofRules, ofData, tape) => {
        const world = randomWorld(ofModel, ofRules, ofData, withRevisions);
        const sdl = world.sdl.replace(/@model\b/g, '@live @model');
        // The names of streams can be taken.
        if (!readSdl(sdl).ok) return;
        await kit.serve(sdl, (project) => runWorld({ project, tape }, { ...world, sdl }));
      },
    );
    await fc.assert(property, { numRuns: worlds, seed, endOnFailure: true });
    console.log(`live: seed ${seed}: ${JSON.stringify(counts)}`);
    if (runs < 200) return;
    expect(counts.sessions).toBeGreaterThanOrEqual(200);
    expect(counts.checks).toBeGreaterThan(600);
    // On a busy machine, more changes share a result.
    expect(counts.patches).toBeGreaterThan(50);
    expect(counts.ruledStreams).toBeGreaterThan(15);
    expect(counts.events).toBeGreaterThan(500);
    expect(counts.writes + counts.sql).toBeGreaterThan(1_000);
    expect(counts.applies).toBeGreaterThan(20);
    expect(counts.kills).toBeGreaterThan(20);
  });
});

async function runWorld(
  { project, tape }: Pick<ConstructorParameters<typeof LiveWorld>[0], 'project' | 'tape'>,
  { sdl, data }: ConstructorParameters<typeof LiveWorld>[1],
): Promise<void> {
  const world = new LiveWorld({ kit, project, tape, counts }, { sdl, data });
  try {
    await world.fill(data);
    for (let each = 0; each < sessions; each += 1) await world.runSession();
  } catch (error) {
    throw new Error(`The subscriptions are wrong in this world:\n${world.sdl}`, { cause: error });
  } finally {
    await world.close();
  }
}
