import { describe, expect, it } from 'vitest';
import { createTestTimers } from '../../../test/live/test-timers.ts';
import {
  createCohortScheduler,
  type Cohort,
  type RunOutcome,
  type SchedulerLimits,
} from './cohort-scheduler.ts';

const limits: SchedulerLimits = {
  running: 2,
  runningPerProject: 1,
  rowsPerRun: 4,
  bytesPerRun: 100,
  minIntervalMs: 50,
  restFactor: 4,
  firstRetryMs: 100,
  lastRetryMs: 400,
};

interface Run {
  readonly cohort: string;
  readonly rows: readonly string[];
  readonly end: (outcome: RunOutcome) => void;
}

/** A scheduler of cohorts named `project/…`, whose runs the test ends. A row's size is the number after its `:`. */
function createKit() {
  const timers = createTestTimers();
  const scheduler = createCohortScheduler<string>(limits, timers);
  const running: Run[] = [];
  const cohorts = new Map<string, Cohort<string>>();
  const cohortOf = (name: string): Cohort<string> => {
    const known = cohorts.get(name);
    if (known !== undefined) return known;
    const cohort: Cohort<string> = {
      project: name.split('/')[0] ?? '',
      run: (rows) => new Promise((resolve) => running.push({ cohort: name, rows, end: resolve })),
      sizeOf: (row) => Number(row.split(':')[1] ?? 1),
      ...(name.endsWith('/stream') ? { restFactor: 0 } : {}),
    };
    cohorts.set(name, cohort);
    return cohort;
  };
  return {
    timers,
    scheduler,
    async add(name: string, ...rows: readonly string[]) {
      for (const row of rows) scheduler.add(cohortOf(name), row);
      await timers.settle();
    },
    remove: (name: string, row: string) => scheduler.remove(cohortOf(name), row),
    /** The rows of each running statement. */
    running: () => running.map(({ cohort, rows }) => `${cohort} ${rows.join()}`),
    /** Ends the first running statement. */
    async end(outcome: RunOutcome = 'DONE') {
      running.shift()?.end(outcome);
      await timers.settle();
    },
  };
}

describe('a cohort', () => {
  it('runs at once with all rows of the turn, and then with those that became due in the meantime', async () => {
    const kit = createKit();
    await kit.add('p/a', '0', '1');
    expect(kit.running()).toEqual(['p/a 0,1']);
    await kit.add('p/a', '2', '3', '2');
    await kit.add('p/a', '1');
    expect(kit.running()).toEqual(['p/a 0,1']);
    await kit.end();
    expect(kit.running()).toEqual([]);
    await kit.timers.advance(49);
    expect(kit.running()).toEqual([]);
    await kit.timers.advance(1);
    expect(kit.running()).toEqual(['p/a 2,3,1']);
  });

  it('does not rest for its duration if its work does not become less by waiting', async () => {
    const kit = createKit();
    await kit.add('p/stream', '1');
    await kit.timers.advance(1_000);
    await kit.add('p/stream', '2');
    await kit.end();
    await kit.timers.advance(49);
    expect(kit.running()).toEqual([]);
    await kit.timers.advance(1);
    expect(kit.running()).toEqual(['p/stream 2']);
  });

  it('rests for four times its last duration', async () => {
    const kit = createKit();
    await kit.add('p/a', '1');
    await kit.timers.advance(100);
    await kit.add('p/a', '1');
    await kit.end();
    await kit.timers.advance(399);
    expect(kit.running()).toEqual([]);
    await kit.timers.advance(1);
    expect(kit.running()).toEqual(['p/a 1']);
  });

  it('rests after all of its statements, of which each has a limited number of rows and bytes', async () => {
    const kit = createKit();
    await kit.add('p/a', '0');
    await kit.add('p/a', '1', '2', '3:60', '4:60', '5', '6', '7', '8');
    await kit.end();
    await kit.timers.advance(50);
    const runs: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      runs.push(...kit.running());
      await kit.end();
    }
    expect(runs).toEqual(['p/a 1,2,3:60', 'p/a 4:60,5,6,7', 'p/a 8']);
  });

  it('does not run a row that was removed', async () => {
    const kit = createKit();
    await kit.add('p/a', '0');
    await kit.add('p/a', '1', '2', '3', '4', '5');
    kit.remove('p/a', '2');
    await kit.end();
    await kit.timers.advance(50);
    expect(kit.running()).toEqual(['p/a 1,3,4,5']);
  });

  it('is divided until the row that fails is alone, which then stays alone', async () => {
    const kit = createKit();
    await kit.add('p/a', '0');
    await kit.add('p/a', '1', '2', '3', '4');
    await kit.end();
    await kit.timers.advance(50);
    const runs: string[] = [];
    const fail = async () => {
      for (let [run] = kit.running(); run !== undefined; [run] = kit.running()) {
        runs.push(run);
        await kit.end(run.includes('3') ? 'FAILED' : 'DONE');
      }
    };
    await fail();
    expect(runs).toEqual(['p/a 1,2,3,4', 'p/a 1,2', 'p/a 3,4', 'p/a 3', 'p/a 4']);
    expect(kit.scheduler.stats()).toMatchObject({ runs: 6, rows: 11, divided: 2 });
    runs.splice(0);
    await kit.add('p/a', '1', '2', '3', '4');
    await kit.timers.advance(50);
    await fail();
    expect(runs).toEqual(['p/a 3', 'p/a 1,2', 'p/a 4']);
  });

  it('repeats a run that failed for another reason, after longer and longer waits', async () => {
    const kit = createKit();
    await kit.add('p/a', '1');
    for (const wait of [100, 200, 400, 400]) {
      await kit.end('RETRY');
      await kit.timers.advance(wait - 1);
      expect(kit.running()).toEqual([]);
      await kit.timers.advance(1);
      expect(kit.running()).toEqual(['p/a 1']);
    }
  });
});

describe('projects', () => {
  it('take turns, and one of them cannot use all connections', async () => {
    const kit = createKit();
    await kit.add('p/a', '1');
    await kit.add('p/b', '1');
    await kit.add('p/c', '1');
    await kit.add('q/a', '1');
    await kit.add('r/a', '1');
    expect(kit.running()).toEqual(['p/a 1', 'q/a 1']);
    await kit.end();
    expect(kit.running()).toEqual(['q/a 1', 'p/b 1']);
    await kit.end();
    expect(kit.running()).toEqual(['p/b 1', 'r/a 1']);
  });
});

describe('a closed scheduler', () => {
  it('starts nothing', async () => {
    const kit = createKit();
    await kit.add('p/a', '1');
    await kit.add('p/a', '2');
    kit.scheduler.close();
    await kit.end();
    await kit.timers.advance(1_000);
    await kit.add('p/a', '3');
    expect(kit.running()).toEqual([]);
  });
});
