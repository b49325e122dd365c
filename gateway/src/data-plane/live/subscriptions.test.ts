import { describe, expect, it } from 'vitest';
import { callerOf, createHubKit, follow } from '../../../test/live/hub-kit.ts';
import { operationErrors } from '../../engine/runtime.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';

const value = (text: string | null) => ({ data: { value: text } });

describe('a live query', () => {
  it('sends its result at once and after each change that concerns it', async () => {
    const kit = createHubKit();
    kit.values.set('a', '1');
    const { received } = follow(await kit.subscribe('a'));
    await kit.timers.settle();
    expect(received).toEqual([value('1')]);
    await kit.commit({ a: '2' });
    await kit.timers.advance(50);
    expect(received).toEqual([value('1'), value('2')]);
    expect(kit.lags).toEqual([0.05]);
  });

  it('does not run for a change that does not concern it', async () => {
    const kit = createHubKit();
    follow(await kit.subscribe('a'));
    await kit.timers.advance(1_000);
    await kit.commit({ b: '1', c: '2' });
    await kit.timers.advance(1_000);
    expect(kit.statements).toEqual(['a']);
  });

  it('runs no statement while nothing changes, however many subscribers there are', async () => {
    const kit = createHubKit();
    const keys = Array.from({ length: 500 }, (_, index) => `key ${index}`);
    const readers = (await Promise.all(keys.map((key) => kit.subscribe(key)))).map(follow);
    await kit.timers.advance(1_000);
    expect(readers.every(({ received }) => received.length === 1)).toBe(true);
    kit.statements.splice(0);
    await kit.timers.advance(60_000);
    expect(kit.statements).toEqual([]);
    expect(kit.subscriptions.stats()).toMatchObject({ queries: 500, resultBytes: 0 });
  });

  it('runs once for all subscribers with equal values, and together with others', async () => {
    const kit = createHubKit();
    const all = await Promise.all(['a', 'a', 'b', 'c', 'c'].map((key) => kit.subscribe(key)));
    const readers = all.map(follow);
    await kit.timers.advance(1_000);
    kit.statements.splice(0);
    await kit.commit({ a: '1', b: '2', c: '3' });
    await kit.timers.advance(1_000);
    expect(kit.statements).toEqual(['a,b,c']);
    expect(readers.map(({ received }) => received.at(-1))).toEqual(
      ['1', '1', '2', '3', '3'].map(value),
    );
    expect(kit.subscriptions.stats()).toMatchObject({ queries: 5, results: 6, sent: 10 });
  });

  it('runs again for a change that is committed while it runs', async () => {
    const kit = createHubKit();
    const { received } = follow(await kit.subscribe('a'));
    // The first statement has not returned.
    await kit.commit({ a: '1' });
    await kit.timers.advance(50);
    expect(received).toEqual([value(null), value('1')]);
  });

  it('that depends on the time runs every ten seconds', async () => {
    const kit = createHubKit();
    const { received } = follow(await kit.subscribe('a', { query: 'now' }));
    await kit.timers.advance(9_000);
    kit.values.set('a', 'later');
    expect(received).toEqual([value(null)]);
    await kit.timers.advance(1_100);
    expect(received).toEqual([value(null), value('later')]);
    await kit.timers.advance(20_000);
    expect(kit.statements).toHaveLength(4);
  });

  it('sends the error of its values only to their subscribers', async () => {
    const kit = createHubKit();
    kit.failWith(({ values }) =>
      JSON.stringify(values).includes('bad') ? operationErrors.resultOutOfRange({}) : null,
    );
    const readers = (await Promise.all(['a', 'bad', 'c'].map((key) => kit.subscribe(key)))).map(
      follow,
    );
    await kit.timers.advance(1_000);
    expect(readers.map(({ received }) => received)).toMatchObject([
      [value(null)],
      [[{ code: 'BAD_USER_INPUT' }]],
      [value(null)],
    ]);
    kit.failWith(null);
    await kit.commit({ bad: 'good' });
    await kit.timers.advance(1_000);
    expect(readers[1]?.received.at(-1)).toEqual(value('good'));
  });

  it('waits for the database, but not before its first result', async () => {
    const kit = createHubKit();
    const old = follow(await kit.subscribe('a'));
    await kit.timers.advance(1_000);
    kit.failWith(() => requestErrors.overloaded());
    await kit.commit({ a: '1' });
    const fresh = follow(await kit.subscribe('b'));
    await kit.timers.advance(10_000);
    expect(old.received).toEqual([value(null)]);
    expect(fresh.received).toMatchObject([[{ code: 'OVERLOADED' }]]);
    await fresh.ended;
    kit.failWith(null);
    await kit.timers.advance(10_000);
    expect(old.received).toEqual([value(null), value('1')]);
  });

  it('that took too long runs again without a change', async () => {
    const kit = createHubKit();
    kit.failWith(() => requestErrors.timedOut());
    const { received } = follow(await kit.subscribe('a'));
    await kit.timers.advance(1_000);
    expect(received).toMatchObject([[{ code: 'TIMEOUT' }]]);
    kit.failWith(null);
    await kit.timers.advance(30_000);
    expect(received.at(-1)).toEqual(value(null));
  });

  it('runs again if changes were lost', async () => {
    const kit = createHubKit();
    const { received } = follow(await kit.subscribe('a'));
    await kit.timers.advance(1_000);
    kit.values.set('a', '1');
    await kit.gap();
    expect(received).toEqual([value(null), value('1')]);
  });
});

describe('a subscription', () => {
  it('ends when it is closed or its signal is aborted, and the last one ends the watch', async () => {
    const kit = createHubKit();
    const client = new AbortController();
    const [one, other] = [
      await kit.subscribe('a'),
      await kit.subscribe('a', { signal: client.signal }),
    ];
    const readers = [one, other].map(follow);
    await kit.timers.settle();
    one.close();
    one.close();
    expect(kit.isWatching()).toBe(true);
    client.abort();
    await Promise.all(readers.map(({ ended }) => ended));
    expect(kit.isWatching()).toBe(false);
    expect(kit.subscriptions.stats()).toMatchObject({ queries: 0, projects: 0, resultBytes: 0 });
    await kit.timers.advance(60_000);
    expect(kit.statements).toEqual(['a']);
  });

  it('is compiled again after a change of the schema, and sends a result only if it differs', async () => {
    const kit = createHubKit();
    const { received } = follow(await kit.subscribe('a'));
    await kit.timers.advance(1_000);
    kit.deploy(2);
    await kit.commit({}, 2);
    await kit.timers.advance(1_000);
    expect(kit.statements).toEqual(['a', 'a']);
    expect(received).toEqual([value(null)]);
    await kit.commit({ a: '1' });
    await kit.timers.advance(1_000);
    expect(received).toEqual([value(null), value('1')]);
  });

  it('ends with an error if the new schema does not permit it', async () => {
    const kit = createHubKit();
    const { received, ended } = follow(await kit.subscribe('a'));
    await kit.timers.settle();
    kit.refuseWith(() => requestErrors.forbidden('No.'));
    kit.deploy(2);
    kit.pubsub.notify('project_schemas', kit.ref);
    await ended;
    expect(received).toMatchObject([value(null), [{ code: 'FORBIDDEN' }]]);
  });

  it('notices a new schema although the notification was lost', async () => {
    const kit = createHubKit();
    const { received } = follow(await kit.subscribe('a'));
    await kit.timers.settle();
    kit.refuseWith(() => requestErrors.overloaded());
    kit.deploy(2);
    await kit.timers.advance(10_000);
    expect(received).toEqual([value(null)]);
    kit.refuseWith(() => requestErrors.forbidden('No.'));
    await kit.timers.advance(10_000);
    expect(received.at(-1)).toMatchObject([{ code: 'FORBIDDEN' }]);
  });

  it('ends with an error if its statement fails under the current schema', async () => {
    const kit = createHubKit();
    kit.failWith(() => new Error('The table does not exist.'));
    const { received, ended } = follow(await kit.subscribe('a'));
    await ended;
    expect(received).toMatchObject([[{ message: 'The table does not exist.' }]]);
  });

  it('ends if its project is deleted', async () => {
    const kit = createHubKit();
    const { received, ended } = follow(await kit.subscribe('a'));
    await kit.timers.settle();
    kit.deploy(null);
    kit.pubsub.notify('project_schemas', kit.ref);
    await ended;
    expect(received.at(-1)).toMatchObject([{ code: 'NOT_FOUND' }]);
    await expect(kit.subscribe('a')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('continues with the claims of a renewed token', async () => {
    const kit = createHubKit();
    kit.values.set('a', '1');
    kit.values.set('b', '2');
    const results = await kit.subscribe('', { caller: callerOf(kit.ref, { key: 'a' }) });
    const { received, ended } = follow(results);
    await kit.timers.advance(1_000);
    await results.renew(callerOf(kit.ref, { key: 'a' }));
    await kit.timers.advance(1_000);
    expect(received).toEqual([value('1')]);
    await results.renew(callerOf(kit.ref, { key: 'b' }));
    await kit.timers.advance(1_000);
    expect(received).toEqual([value('1'), value('2')]);
    kit.refuseWith(() => requestErrors.forbidden('No.'));
    await expect(results.renew(callerOf(kit.ref))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await ended;
  });

  it('is complete after the gateway has stopped', async () => {
    const kit = createHubKit();
    const { ended } = follow(await kit.subscribe('a'));
    kit.subscriptions.close();
    await ended;
    await expect(kit.subscribe('a')).rejects.toMatchObject({ code: 'OVERLOADED' });
  });
});
