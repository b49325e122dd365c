import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, inject, it, vi } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { useLive, type Follower, type LiveProject } from '../../../test/live/live-kit.ts';
import { Replica, streamsOf } from '../../../test/live/replica.ts';
import { SqlWriter } from '../../../test/live/sql-writer.ts';
import { KnownRows } from '../../../test/oracle/random-keys.ts';
import {
  randomLiveQuery,
  randomMutation,
  type LiveOperation,
} from '../../../test/oracle/random-operation.ts';
import { randomSubject } from '../../../test/oracle/rules/random-callers.ts';
import { randomWorld, type RandomWorld } from '../../../test/oracle/rules/random-world.ts';
import { RuledModel } from '../../../test/oracle/rules/rule-trial.ts';
import { SqlSide } from '../../../test/oracle/sql-side.ts';
import { fullTapes, type Tape } from '../../../test/oracle/tape.ts';
import type { Subject } from '../../engine/rules/subject.ts';
import { readSdl } from '../../engine/schema.ts';
import type { Model } from '../../engine/sdl/model.ts';
import { ClientError } from '../../platform/errors/client-error.ts';

const database = useTestDatabase();
const kit = useLive(database);
const { runs, seed = randomInt(2 ** 31) } = inject('propertyTests');

const worlds = Math.ceil(runs / 5);
const callers = 3;
const queriesPerCaller = 3;
const replicas = 2;
const writes = 30;

const timeout = 60_000 + runs * 3_000;
const counts = {
  worlds: 0,
  queries: 0,
  streams: 0,
  frames: 0,
  patches: 0,
  events: 0,
  writes: 0,
  sql: 0,
  reconnects: 0,
  failing: 0,
};

describe(`in ${worlds} worlds with access rules (seed ${seed})`, { timeout }, () => {
  it('subscribers have what a fresh query returns, and replicas have the present rows', async () => {
    const property = fc.asyncProperty(
      fullTapes(150),
      fullTapes(1_500),
      fullTapes(400),
      fullTapes(6_000),
      async (ofModel, ofRules, ofData, tape) => {
        const world = randomWorld(ofModel, ofRules, ofData);
        const sdl = world.sdl.replace(/@model\b/g, '@live @model');
        const reading = readSdl(sdl);
        // The names of streams can be taken.
        if (!reading.ok) return;
        await kit.serve(sdl, (project) =>
          runWorld(project, { ...world, sdl }, reading.model, tape),
        );
        counts.worlds += 1;
      },
    );
    await fc.assert(property, { numRuns: worlds, seed, endOnFailure: true });
    console.log(`live: seed ${seed}: ${JSON.stringify(counts)}`);
    expect(counts.queries + counts.streams).toBeGreaterThan(runs);
    expect(counts.writes).toBeGreaterThan(runs / 3);
    expect(counts.sql).toBeGreaterThan(3 * runs);
    expect(counts.frames).toBeGreaterThan(counts.queries);
  });
});

/** A live query of one caller, with the query that returns the same. */
interface Session {
  readonly operation: LiveOperation;
  readonly subject: Subject | null;
  readonly follower: Follower;
}

async function runWorld(
  project: LiveProject,
  { sdl, data }: RandomWorld,
  model: Model,
  tape: Tape,
): Promise<void> {
  const ruled = new RuledModel(model);
  const following = await startReplicas(project, ruled, tape);
  await new SqlSide(project, model).fill(data);
  const known = new KnownRows(data);
  const subjects = Array.from({ length: callers }, () => randomSubject(model, data, tape));
  const sessions: Session[] = [];
  for (const subject of [null, ...subjects]) {
    for (let each = 0; each < queriesPerCaller; each += 1) {
      const session = await startSession(project, ruled, { subject, tape, known });
      if (session !== null) sessions.push(session);
    }
  }
  await write(project, ruled, { subjects, tape, known });
  try {
    for (const session of sessions) await expectFresh(project, session);
    for (const { replica } of following) await expectPresent(replica);
  } catch (error) {
    throw new Error(`The subscriptions are wrong in this world:\n${sdl}`, { cause: error });
  } finally {
    for (const { replica, ended } of following) {
      replica.close();
      await ended;
      counts.streams += 1;
      counts.events += replica.events;
      counts.reconnects += replica.reconnects;
    }
  }
  counts.queries += sessions.length;
  for (const { follower } of sessions) {
    counts.frames += follower.frames.length;
    counts.patches += follower.patches;
  }
}

/** Starts replicas of some models, which do not have any rows yet. */
async function startReplicas(project: LiveProject, { serverApi }: RuledModel, tape: Tape) {
  const { data } = await project.ask('{ changesCursor }');
  const { changesCursor: after } = data as { readonly changesCursor: string };
  const all = streamsOf(serverApi);
  return Array.from({ length: Math.min(replicas, all.length) }, () => {
    const replica = new Replica(project, tape.pick(all), { after, tape });
    const ended = replica.run();
    // Its error is reported at the end.
    ended.catch(() => undefined);
    return { replica, ended };
  });
}

interface Randomness {
  readonly tape: Tape;
  readonly known: KnownRows;
}

async function startSession(
  project: LiveProject,
  ruled: RuledModel,
  { subject, tape, known }: Randomness & { readonly subject: Subject | null },
): Promise<Session | null> {
  const api = subject === null ? ruled.serverApi : ruled.apiOf(subject);
  const operation = randomLiveQuery(api, tape, known);
  if (operation === null) return null;
  const { subscription, variables } = operation;
  const options = { variables, patch: tape.oneIn(2), ...(subject === null ? {} : { subject }) };
  try {
    return { operation, subject, follower: await project.follow(subscription, options) };
  } catch (error) {
    // Some operations are not valid, such as pages that are too large.
    if (error instanceof ClientError) return null;
    throw error;
  }
}

/** Writes as the server, as the callers and by SQL, at the same time. */
async function write(
  project: LiveProject,
  ruled: RuledModel,
  { subjects, tape, known }: Randomness & { readonly subjects: readonly Subject[] },
): Promise<void> {
  const sql = new SqlWriter(project, ruled.model);
  for (let each = 0; each < writes; each += 1) {
    const subject = tape.oneIn(2) ? null : tape.pick(subjects);
    const api = subject === null ? ruled.serverApi : ruled.apiOf(subject);
    const mutation = randomMutation(api, tape, known);
    const bySql = sql.write(tape);
    if (mutation !== null && mutation.cursors.length === 0) {
      const { text: query, variables } = mutation;
      const options = { variables, ...(subject === null ? {} : { subject }) };
      const answer = await project.ask(query, options).catch((error: unknown) => {
        if (!(error instanceof ClientError)) throw error;
        return null;
      });
      if (answer?.errors.length === 0) counts.writes += 1;
    }
    await bySql;
  }
  counts.sql += sql.committed;
}

async function expectFresh(
  project: LiveProject,
  { operation: { query, subscription, variables }, subject, follower }: Session,
): Promise<void> {
  const options = { variables, ...(subject === null ? {} : { subject }) };
  const fresh = await project.ask(query, options);
  if (fresh.errors.length > 0) counts.failing += 1;
  await vi
    .waitFor(
      () => {
        const last = follower.frames.at(-1);
        if (fresh.errors.length > 0) {
          expect(last).toMatchObject({ errors: [{ code: codeOf(fresh.errors[0]) }] });
        } else expect(follower.state).toEqual(fresh.data);
      },
      { timeout: 20_000, interval: 20 },
    )
    .catch((error: unknown) => {
      const shown = JSON.stringify({ subscription, variables, subject }, null, 1);
      throw new Error(`A live query has something else:\n${shown}`, { cause: error });
    });
}

function codeOf(error: unknown): string {
  if (error instanceof ClientError) return String(error.code);
  throw new Error('The query failed.', { cause: error });
}

async function expectPresent(replica: Replica): Promise<void> {
  const fresh = await replica.fresh();
  await vi
    .waitFor(() => expect(Object.fromEntries(replica.rows)).toEqual(Object.fromEntries(fresh)), {
      timeout: 20_000,
      interval: 20,
    })
    .catch((error: unknown) => {
      throw new Error(`A replica has other rows: ${replica.description}`, { cause: error });
    });
}
