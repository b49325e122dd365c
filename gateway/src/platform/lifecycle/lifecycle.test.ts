import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLifecycle, StopRequested, type Lifecycle } from './lifecycle.ts';

interface LogLine {
  readonly level: number;
  readonly phase: string;
  readonly ms: number;
}

let events: string[];
let log: LogLine[];
let lifecycle: Lifecycle;

beforeEach(() => {
  events = [];
  log = [];
  const destination = { write: (line: string) => void log.push(JSON.parse(line) as LogLine) };
  lifecycle = createLifecycle({ logger: pino({}, destination) });
});

const recorded = (name: string, stop: () => void | Promise<void> = () => undefined) => ({
  name,
  start: () => {
    events.push(`start ${name}`);
    return name;
  },
  stop: (started: string) => {
    events.push(`stop ${started}`);
    return stop();
  },
});

describe('lifecycle', () => {
  it('stops the started phases in reverse order and logs the duration of each', async () => {
    await lifecycle.start(recorded('postgres'));
    await lifecycle.start(recorded('jobs'));
    await lifecycle.start(recorded('http'));
    expect(await lifecycle.stop()).toBe(true);
    expect(events.slice(3)).toEqual(['stop http', 'stop jobs', 'stop postgres']);
    expect(log.map(({ phase }) => phase)).toEqual(['http', 'jobs', 'postgres']);
    expect(log.every(({ ms }) => Number.isInteger(ms))).toBe(true);
  });

  it('stops the started phases if a later phase fails to start', async () => {
    await lifecycle.start(recorded('postgres'));
    const failing = {
      ...recorded('http'),
      start: () => Promise.reject(new Error('port is in use')),
    };
    await expect(lifecycle.start(failing)).rejects.toThrow('port is in use');
    await lifecycle.stop();
    expect(events).toEqual(['start postgres', 'stop postgres']);
  });

  it('continues if a phase fails to stop, and returns false', async () => {
    await lifecycle.start(recorded('postgres'));
    await lifecycle.start(recorded('jobs', () => Promise.reject(new Error('stuck'))));
    expect(await lifecycle.stop()).toBe(false);
    expect(events.at(-1)).toBe('stop postgres');
    expect(log[0]).toMatchObject({ level: 50, phase: 'jobs' });
  });

  it('continues if a phase does not stop in time, and returns false', async () => {
    await lifecycle.start(recorded('postgres'));
    const never = recorded('jobs', () => new Promise<void>(() => undefined));
    await lifecycle.start({ ...never, stopTimeoutMs: 10 });
    expect(await lifecycle.stop()).toBe(false);
    expect(events.at(-1)).toBe('stop postgres');
  });

  it('stops once if called more than once', async () => {
    await lifecycle.start(recorded('postgres'));
    await Promise.all([lifecycle.stop(), lifecycle.stop()]);
    expect(events).toEqual(['start postgres', 'stop postgres']);
  });

  it('waits for a phase that is starting, stops it, and starts no others', async () => {
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const starting = lifecycle.start({
      ...recorded('postgres'),
      start: async () => {
        await finished;
        return 'postgres';
      },
    });
    const stopping = lifecycle.stop();
    finish();
    await expect(starting).rejects.toThrow(StopRequested);
    await stopping;
    await expect(lifecycle.start(recorded('http'))).rejects.toThrow(StopRequested);
    expect(events).toEqual(['stop postgres']);
  });
});
