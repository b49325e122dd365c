import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { listenForStopSignals } from './stop-signals.ts';

function listening() {
  const calls: string[] = [];
  const process = Object.assign(new EventEmitter(), {
    exit: (code: number) => calls.push(`exit ${code}`),
  });
  const time = { now: 0 };
  const signals = listenForStopSignals(process);
  const handle = () => {
    signals.handle({
      stop: (signal) => calls.push(`stop ${signal}`),
      force: (signal) => calls.push(`force ${signal}`),
      now: () => time.now,
    });
  };
  const send = (signal: string, at: number) => {
    time.now = at;
    process.emit(signal, signal);
  };
  return { calls, send, handle };
}

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('exits on %s while the program is loading', (signal) => {
  const { calls, send } = listening();
  send(signal, 0);
  expect(calls).toEqual(['exit 0']);
});

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('stops on %s', (signal) => {
  const { calls, send, handle } = listening();
  handle();
  send(signal, 0);
  expect(calls).toEqual([`stop ${signal}`]);
});

it('ignores the second signal that npm sends after Ctrl-C', () => {
  const { calls, send, handle } = listening();
  handle();
  send('SIGINT', 0);
  send('SIGINT', 3);
  send('SIGTERM', 100);
  expect(calls).toEqual(['stop SIGINT']);
});

it('exits immediately on a second signal that arrives later', () => {
  const { calls, send, handle } = listening();
  handle();
  send('SIGINT', 0);
  send('SIGINT', 900);
  expect(calls).toEqual(['stop SIGINT', 'force SIGINT']);
});
