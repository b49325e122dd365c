import type { LiveFigures } from '../../data-plane/data-plane.ts';
import { changeLogDays } from '../../data-plane/changes/retention.ts';

/** The live queries and change streams of a project, and its change log. */
export interface ProjectLive {
  /** The number of subscriptions to this process. */
  readonly subscribers: number;
  readonly queries: number;
  readonly streams: number;
  /** The number of models with `@live`. */
  readonly models: number;
  /** How long changes have been waiting to be read for subscriptions. */
  readonly lagMs: number;
  readonly logBytes: number;
  readonly logMaxBytes: number;
  readonly retentionDays: number;
  /** Null if the log is empty or does not exist. */
  readonly oldestChangeAt: Date | null;
}

export interface LiveService {
  /** Sets where the figures come from. The data plane is started after the services. */
  connect(read: (ref: string) => Promise<LiveFigures | null>): void;
  /** @throws the error of the database */
  ofProject(ref: string): Promise<ProjectLive>;
}

const nothing: LiveFigures = { models: 0, queries: 0, streams: 0, lagMs: 0, log: null };

/** @param options.maxBytes the maximum size of a project's change log */
export function createLiveService({ maxBytes }: { readonly maxBytes: number }): LiveService {
  let read: Parameters<LiveService['connect']>[0] = () => Promise.resolve(null);
  return {
    connect(given) {
      read = given;
    },
    async ofProject(ref) {
      const { models, queries, streams, lagMs, log } = (await read(ref)) ?? nothing;
      return {
        subscribers: queries + streams,
        queries,
        streams,
        models,
        lagMs,
        logBytes: log?.bytes ?? 0,
        logMaxBytes: maxBytes,
        retentionDays: changeLogDays,
        oldestChangeAt: log?.oldestAt ?? null,
      };
    },
  };
}
