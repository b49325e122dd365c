import type { BoundStatement, Rows, StatementRunner } from '../../engine/runtime.ts';
import type { ProjectNames } from '../../engine/migrations.ts';
import type { Charge } from '../../graphql/request-cost.ts';
import type { AnswerMemory } from '../../platform/answer-budget.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { ByteList, type Bytes, type ByteString } from '../../platform/bytes.ts';
import type { Cancellation } from '../../platform/cancellation.ts';
import { explainingLostCommits, explainLostCommit } from '../connections/lost-commit.ts';
import type { ProjectConnections } from '../connections/project-connections.ts';
import { countedIn, reservedIn } from '../operations/answer-rows.ts';
import { StatementError } from './remote-errors.ts';

/** What an operation on the compute thread asks the main thread, which has the connections. */
export type StatementQuestion =
  /** Counts the operation against the caller's rate limit. */
  | { readonly kind: 'CHARGE'; readonly units: number }
  /** Runs a statement of a mutation in its own transaction. */
  | { readonly kind: 'RUN'; readonly statement: BoundStatement }
  | { readonly kind: 'LEASE' }
  | { readonly kind: 'RUN_ON_LEASE'; readonly statement: BoundStatement }
  | { readonly kind: 'END_LEASE' };

export type StatementAnswer =
  | { readonly ok: true; readonly rows: readonly (readonly (SentBytes | null)[])[] }
  | {
      readonly ok: false;
      /** The error's index in `StatementService.errors`. */
      readonly number: number;
      /** The fields that `databaseErrorOf` reads. Empty for errors that PostgreSQL did not report. */
      readonly fields: Readonly<Record<string, string>>;
    };

/** Bytes in a form that can be sent to another thread. */
export type SentBytes = ByteString | Uint8Array<ArrayBuffer>;

export function sendable(bytes: Bytes): SentBytes {
  // A buffer shares its memory with others, and all of it would be sent.
  return typeof bytes === 'string' ? bytes : new Uint8Array(bytes);
}

/** @param parts the sendable parts of a list */
export function receivedList(parts: readonly SentBytes[]): ByteList {
  const list = new ByteList();
  for (const part of parts) list.add(received(part));
  return list;
}

export function received(sent: SentBytes): Bytes {
  return typeof sent === 'string' ? sent : Buffer.from(sent.buffer, sent.byteOffset, sent.length);
}

type Connections = Pick<ProjectConnections, 'run' | 'lease'>;

/** The main thread, for an operation on the compute thread. */
export interface MainThread {
  /** Runs the engine's statements on the main thread. */
  readonly connections: Connections;
  readonly charge: (units: number) => Promise<void>;
}

export function mainThreadOf(
  ask: (question: StatementQuestion) => Promise<StatementAnswer>,
): MainThread {
  const rowsOf = async (question: StatementQuestion): Promise<Rows> => {
    const answer = await ask(question);
    if (!answer.ok) throw new StatementError(answer.number, answer.fields);
    return answer.rows.map((row) => row.map((value) => (value === null ? null : received(value))));
  };
  const connections: Connections = {
    run: (_names, statement) => rowsOf({ kind: 'RUN', statement }),
    async lease(_names, _signal, work) {
      await rowsOf({ kind: 'LEASE' });
      try {
        return await work({ run: (statement) => rowsOf({ kind: 'RUN_ON_LEASE', statement }) });
      } finally {
        await rowsOf({ kind: 'END_LEASE' });
      }
    },
  };
  return {
    connections,
    async charge(units) {
      await rowsOf({ kind: 'CHARGE', units });
    },
  };
}

/** Answers the questions of one operation that the compute thread executes. */
export interface StatementService {
  readonly answer: (question: StatementQuestion) => Promise<StatementAnswer>;
  /** The errors of the answers, by number. */
  readonly errors: readonly unknown[];
  /** Ends the lease, if there is one. Its open transaction is undone. */
  close(): void;
}

interface OpenLease {
  readonly runner: StatementRunner;
  readonly end: () => void;
  readonly ended: Promise<void>;
}

const noRows: Rows = [];

export function createStatementService({
  connections,
  names,
  charge,
  signal,
  memory,
}: {
  readonly connections: Connections;
  readonly names: ProjectNames;
  readonly charge: Charge;
  readonly signal: Cancellation;
  readonly memory: AnswerMemory;
}): StatementService {
  const errors: unknown[] = [];
  let lease: OpenLease | null = null;
  let isClosed = false;

  const openLease = (): Promise<OpenLease> =>
    new Promise((opened, failed) => {
      const ended: Promise<void> = connections
        .lease(
          names,
          signal,
          (runner) =>
            new Promise<void>((end) => {
              opened({ runner, end, ended: Promise.resolve().then(() => ended) });
            }),
          reservedIn(memory),
        )
        .catch(failed);
    });

  const perform = async (question: StatementQuestion): Promise<Rows> => {
    switch (question.kind) {
      case 'CHARGE':
        await charge(question.units);
        return noRows;
      case 'RUN':
        memory.restart();
        return connections
          .run(names, question.statement, signal, { reserve: countedIn(memory) })
          .catch(explainLostCommit);
      case 'LEASE':
        memory.restart();
        lease = await openLease();
        if (isClosed) lease.end();
        return noRows;
      case 'RUN_ON_LEASE':
        if (lease === null) throw new Error('There is no lease.');
        return explainingLostCommits(lease.runner).run(question.statement);
      case 'END_LEASE':
        lease?.end();
        await lease?.ended;
        lease = null;
        return noRows;
      default:
        return assertNever(question);
    }
  };

  return {
    errors,
    async answer(question) {
      try {
        const rows = await perform(question);
        return {
          ok: true,
          rows: rows.map((row) => row.map((value) => (value === null ? null : sendable(value)))),
        };
      } catch (error) {
        errors.push(error);
        return { ok: false, number: errors.length - 1, fields: fieldsOf(error) };
      }
    },
    close() {
      isClosed = true;
      lease?.end();
    },
  };
}

const databaseFields = ['code', 'severity', 'constraint', 'table', 'column', 'detail'];

function fieldsOf(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof Error)) return {};
  return Object.fromEntries(
    databaseFields.flatMap((name) => {
      const value: unknown = Reflect.get(error, name);
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}
