import { expect, vi } from 'vitest';
import { textOf } from '../../src/engine/sql/sql.ts';
import type { Subject } from '../../src/engine/rules/subject.ts';
import { ClientError } from '../../src/platform/errors/client-error.ts';
import { RequestError } from '../../src/platform/errors/request-error.ts';
import { everything } from '../engine/operations-kit.ts';
import { readModel } from '../engine/project.ts';
import { KnownRows } from '../oracle/random-keys.ts';
import { randomLiveQuery, randomMutation, type LiveOperation } from '../oracle/random-operation.ts';
import { RuledModel } from '../oracle/rules/rule-trial.ts';
import { randomSubject } from '../oracle/rules/random-callers.ts';
import { SqlSide } from '../oracle/sql-side.ts';
import type { PlainData } from '../oracle/store.ts';
import type { Tape } from '../oracle/tape.ts';
import type { Follower, LiveKit, LiveProject } from './live-kit.ts';
import { nextSchema } from './next-schema.ts';
import { Replica, streamsOf, type StreamFields } from './replica.ts';
import { numberVersions } from './revisions.ts';
import { SqlWriter } from './sql-writer.ts';
import { wholeList } from './whole-list.ts';

export interface LiveCounts {
  sessions: number;
  queries: number;
  checks: number;
  frames: number;
  patches: number;
  patching: number;
  streams: number;
  ruledStreams: number;
  events: number;
  reconnects: number;
  writes: number;
  sql: number;
  applies: number;
  kills: number;
  refused: number;
}

/** A live query of one caller, with the query that returns the same. */
interface Session {
  readonly operation: LiveOperation;
  readonly subject: Subject | null;
  readonly patch: boolean;
  readonly onState: (state: unknown) => void;
  readonly isSlow: boolean;
  follower: Follower;
}

const callers = 3;
const sessionsAtMost = 8;
const replicasAtMost = 4;
const steps = 8;

/** A project with writers and subscribers, which are random and have random callers. */
export class LiveWorld {
  readonly #kit: LiveKit;
  readonly #project: LiveProject;
  readonly #tape: Tape;
  readonly #counts: LiveCounts;
  readonly #known: KnownRows;
  readonly #original: string;
  readonly #subjects: readonly Subject[];
  readonly #deleted: { readonly table: string; readonly row: string }[] = [];
  /** Slow clients take a result when this is resolved, and the next one when the next one is. */
  #turn: Promise<void> = Promise.resolve();
  #endTurn: () => void = () => undefined;
  #sdl: string;
  #ruled: RuledModel;
  #sessions: Session[] = [];
  #replicas: { readonly replica: Replica; readonly ended: Promise<void> }[] = [];

  constructor(
    { kit, project, tape, counts }: WorldOptions,
    { sdl, data }: { readonly sdl: string; readonly data: PlainData },
  ) {
    this.#kit = kit;
    this.#project = project;
    this.#tape = tape;
    this.#counts = counts;
    this.#known = new KnownRows(data);
    this.#original = sdl;
    this.#sdl = sdl;
    const model = readModel(sdl);
    this.#ruled = new RuledModel(model);
    this.#subjects = Array.from({ length: callers }, () => randomSubject(model, data, tape));
  }

  get sdl(): string {
    return this.#sdl;
  }

  /** Writes the first rows. A replica follows them from the beginning. */
  async fill(data: PlainData): Promise<void> {
    const { model } = this.#ruled;
    await numberVersions(
      this.#project,
      model.types.map(({ table }) => table),
    );
    await this.#addReplica(null, false);
    await new SqlSide(this.#project, model).fill(data);
  }

  /**
   * Starts subscribers and writes. Meanwhile the schema changes, or the gateway is killed, or neither. At the end, all
   * subscribers must have the present state.
   */
  async runSession(): Promise<void> {
    await this.#subscribe();
    const event = this.#tape.pick(['NONE', 'APPLY', 'KILL', 'APPLY'] as const);
    const at = this.#tape.below(steps);
    const sql = new SqlWriter(this.#project, this.#ruled.model, this.#deleted);
    for (let step = 0; step < steps; step += 1) {
      if (step === 1) this.#nextTurn();
      const bySql = sql.write(this.#tape);
      await this.#mutate();
      await bySql;
      if (step !== at) continue;
      if (event === 'KILL') await this.#kill();
      if (event === 'APPLY') await this.#apply();
    }
    this.#counts.sql += sql.committed;
    this.#endTurn();
    for (const session of [...this.#sessions]) await this.#expectFresh(session);
    for (const { replica } of this.#replicas) await expectPresent(replica);
    this.#counts.sessions += 1;
  }

  #nextTurn(): void {
    this.#endTurn();
    this.#turn = new Promise((resolve) => (this.#endTurn = resolve));
  }

  async close(): Promise<void> {
    this.#endTurn();
    for (const session of this.#sessions.splice(0)) this.#endSession(session);
    await this.#endReplicas(() => true);
  }

  async #subscribe(): Promise<void> {
    while (this.#sessions.length > sessionsAtMost / 2) {
      const [session] = this.#sessions.splice(this.#tape.below(this.#sessions.length), 1);
      if (session !== undefined) this.#endSession(session);
    }
    for (const subject of [null, ...this.#subjects]) {
      const api = subject === null ? this.#ruled.serverApi : this.#ruled.apiOf(subject);
      const list = this.#tape.oneIn(3) ? null : wholeList(api, this.#tape);
      const operation = list ?? randomLiveQuery(api, this.#tape, this.#known);
      if (operation === null) continue;
      const onState = list?.follow() ?? (() => undefined);
      const patch = !this.#tape.oneIn(5);
      const isSlow = this.#tape.oneIn(4);
      const follower = await this.#follow({ operation, subject, patch, onState, isSlow });
      if (follower === null) continue;
      this.#counts.queries += 1;
      this.#sessions.push({ operation, subject, patch, onState, isSlow, follower });
    }
    if (this.#replicas.length >= replicasAtMost) {
      const { replica: oldest } = this.#replicas[0] ?? {};
      await this.#endReplicas((replica) => replica === oldest);
    }
    await this.#addReplica(this.#tape.oneIn(3) ? null : this.#tape.pick(this.#subjects), true);
  }

  /** Returns null if the operation is not valid, such as one with a page that is too large. */
  async #follow({
    operation: { subscription, variables },
    subject,
    patch,
    onState,
    isSlow,
  }: Omit<Session, 'follower'>): Promise<Follower | null> {
    const options = {
      variables,
      patch,
      onState,
      ...(isSlow ? { pace: () => this.#turn } : {}),
      ...(subject === null ? {} : { subject }),
    };
    try {
      return await this.#project.follow(subscription, options);
    } catch (error) {
      if (error instanceof ClientError) return null;
      throw error;
    }
  }

  async #addReplica(subject: Subject | null, loads: boolean): Promise<void> {
    const tape = this.#tape;
    const api = subject === null ? this.#ruled.serverApi : this.#ruled.apiOf(subject);
    const streams = streamsOf(api).filter((stream) => this.#isLocal(stream, subject));
    if (streams.length === 0) return;
    const { data } = await this.#project.ask('{ changesCursor }');
    const { changesCursor: after } = data as { readonly changesCursor: string };
    const replica = new Replica(this.#project, tape.pick(streams), { after, tape, subject });
    if (loads) await replica.load();
    const ended = replica.run();
    // Its error is reported at the end of the session.
    ended.catch(() => undefined);
    this.#replicas.push({ replica, ended });
    this.#counts.streams += 1;
    if (subject !== null) this.#counts.ruledStreams += 1;
  }

  /** Whether the rules of a stream are about its own rows only. Otherwise it does not tell all that its caller sees. */
  #isLocal({ changes, keySelection, node, type }: StreamFields, subject: Subject | null): boolean {
    if (subject === null) return true;
    const tablesFor = (caller: Subject | null): readonly (string | undefined)[] => {
      const selected = this.#kit.operations.operations.selectSubscription({
        project: this.#project.snapshot(),
        access: everything,
        subject: caller,
        request: {
          query: `subscription { ${changes} { operation ${keySelection} node { ${node} } } }`,
          operationName: null,
          variables: {},
          extensions: {},
          mayChange: true,
        },
      });
      const plan = selected?.prepare().plan;
      if (plan?.kind !== 'CHANGES') throw new Error(`${changes} is not a stream.`);
      return textOf(plan.evaluate, 'S')
        .split('"S".')
        .slice(1)
        .map((text) => /^"([^"]+)"/.exec(text)?.[1]);
    };
    const tables = tablesFor(subject);
    // A rule about other rows of the same table mentions it more often.
    return (
      tables.every((table) => table === type.table) && tables.length === tablesFor(null).length
    );
  }

  async #mutate(): Promise<void> {
    const subject = this.#tape.oneIn(2) ? null : this.#tape.pick(this.#subjects);
    const api = subject === null ? this.#ruled.serverApi : this.#ruled.apiOf(subject);
    const mutation = randomMutation(api, this.#tape, this.#known);
    if (mutation === null || mutation.cursors.length > 0) return;
    const { text: query, variables } = mutation;
    const options = { variables, ...(subject === null ? {} : { subject }) };
    const answer = await this.#project.ask(query, options).catch((error: unknown) => {
      if (!(error instanceof ClientError)) throw error;
      return null;
    });
    if (answer?.errors.length === 0) this.#counts.writes += 1;
  }

  /** The clients of the gateway that is killed reconnect to another one. */
  async #kill(): Promise<void> {
    this.#counts.kills += 1;
    const writing = this.#mutate();
    this.#kit.kill();
    await writing;
    for (const session of [...this.#sessions]) {
      this.#countFrames(session);
      const follower = await this.#follow(session);
      if (follower === null) throw new Error('A subscription is not valid any more.');
      session.follower = follower;
    }
  }

  async #apply(): Promise<void> {
    const { sdl, hasOtherRules } = nextSchema(this.#original, this.#sdl, this.#tape);
    if (sdl === this.#sdl) return;
    this.#counts.applies += 1;
    // A stream tells about changes of rows, not of rules.
    if (hasOtherRules) await this.#endReplicas(({ subject }) => subject !== null);
    const writing = this.#mutate();
    await this.#project.deploy(sdl);
    this.#sdl = sdl;
    this.#ruled = new RuledModel(readModel(sdl));
    await writing;
    // Requests and subscriptions notice the new version at different times.
    if (this.#tape.oneIn(2)) this.#project.tell();
    this.#project.notify();
    this.#project.tell();
  }

  async #expectFresh(session: Session): Promise<void> {
    const { operation, subject, follower } = session;
    const { query, subscription, variables } = operation;
    const options = { variables, ...(subject === null ? {} : { subject }) };
    try {
      const fresh = await this.#project.ask(query, options).catch((error: unknown) => {
        if (!(error instanceof ClientError)) throw error;
        return null;
      });
      await vi.waitFor(() => {
        if (follower.problem !== null || follower.isEnded) return;
        if (fresh === null) expect(follower.isEnded).toBe(true);
        else if (fresh.errors.length > 0) {
          expect(follower.frames.at(-1)).toMatchObject({
            errors: [{ code: codeOf(fresh.errors) }],
          });
        } else expect(follower.state).toEqual(fresh.data);
      }, waiting);
      if (follower.problem !== null)
        throw new Error('A result is wrong.', { cause: follower.problem });
      if (follower.isEnded) await this.#expectRefused(session);
      this.#counts.checks += 1;
    } catch (error) {
      const shown = JSON.stringify({ subscription, variables, subject }, null, 1);
      throw new Error(`A live query has something else:\n${shown}`, { cause: error });
    }
  }

  /** A subscription has ended, so it must not be possible to start it again. */
  async #expectRefused(session: Session): Promise<void> {
    const last = session.follower.frames.at(-1);
    const again = await this.#follow(session);
    expect(again, `It ended with ${JSON.stringify(last)}`).toBe(null);
    this.#counts.refused += 1;
    this.#sessions = this.#sessions.filter((each) => each !== session);
    this.#endSession(session);
  }

  #endSession(session: Session): void {
    this.#countFrames(session);
    session.follower.close();
  }

  #countFrames({ follower, patch }: Session): void {
    this.#counts.frames += follower.frames.length;
    this.#counts.patches += follower.patches;
    if (patch) this.#counts.patching += follower.frames.length - 1;
  }

  async #endReplicas(isMeant: (replica: Replica) => boolean): Promise<void> {
    const meant = this.#replicas.filter(({ replica }) => isMeant(replica));
    this.#replicas = this.#replicas.filter((each) => !meant.includes(each));
    for (const { replica, ended } of meant) {
      replica.close();
      await ended;
      this.#counts.events += replica.events;
      this.#counts.reconnects += replica.reconnects;
    }
  }
}

interface WorldOptions {
  readonly kit: LiveKit;
  readonly project: LiveProject;
  readonly tape: Tape;
  readonly counts: LiveCounts;
}

const waiting = { timeout: 20_000, interval: 10 };

function codeOf([error]: readonly unknown[]): string {
  if (error instanceof ClientError || error instanceof RequestError) return String(error.code);
  throw new Error('The query failed.', { cause: error });
}

async function expectPresent(replica: Replica): Promise<void> {
  const fresh = await replica.fresh();
  await vi
    .waitFor(() => {
      if (replica.problem !== null) return;
      expect(Object.fromEntries(replica.rows)).toEqual(Object.fromEntries(fresh));
    }, waiting)
    .catch((error: unknown) => {
      throw new Error(`A replica has other rows: ${replica.description}`, { cause: error });
    });
  if (replica.problem !== null) {
    throw new Error(`A replica failed: ${replica.description}`, { cause: replica.problem });
  }
}
