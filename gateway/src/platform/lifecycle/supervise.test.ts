import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { onStopSignals } from './supervise.ts';

function listening() {
  const process = new EventEmitter();
  const calls: string[] = [];
  const time = { now: 0 };
  onStopSignals(process, {
    stop: (signal) => calls.push(`stop ${signal}`),
    force: (signal) => calls.push(`force ${signal}`),
    now: () => time.now,
  });
  const send = (signal: string, at: number) => {
    time.now = at;
    process.emit(signal, signal);
  };
  return { calls, send };
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('stops on %s', (signal) => {
  const { calls, send } = listening();
  send(signal, 0);
  expect(calls).toEqual([`stop ${signal}`]);
});

it('ignores the second signal that npm sends after Ctrl-C', () => {
  const { calls, send } = listening();
  send('SIGINT', 0);
  send('SIGINT', 3);
  send('SIGTERM', 100);
  expect(calls).toEqual(['stop SIGINT']);
});

it('exits immediately on a second signal that arrives later', () => {
  const { calls, send } = listening();
  send('SIGINT', 0);
  send('SIGINT', 900);
  expect(calls).toEqual(['stop SIGINT', 'force SIGINT']);
});
