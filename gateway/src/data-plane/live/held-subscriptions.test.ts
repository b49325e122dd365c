import { describe, expect, it } from 'vitest';
import { callerOf, createHubKit, follow } from '../../../test/live/hub-kit.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import { liveLimits } from './limits.ts';

const value = (text: string | null) => ({ data: { value: text } });

/** Version 2 does not permit this value. */
const secret = 'secret';

function createKit() {
  const kit = createHubKit();
  kit.hide(secret, 2);
  kit.values.set('a', 'public');
  return kit;
}

describe('after a new version was announced', () => {
  it('a live query delivers nothing of the former version while it cannot be compiled', async () => {
    const kit = createKit();
    const { received } = follow(await kit.subscribe('a'));
    await kit.timers.settle();
    kit.refuseWith(() => requestErrors.overloaded());
    kit.deploy(2);
    await kit.commit({}, 2);
    await kit.commit({ a: secret });
    await kit.timers.advance(1_000);
    // It was computed by the former plan.
    expect(kit.statements).toEqual(['a', 'a']);
    expect(received).toEqual([value('public')]);
    kit.refuseWith(null);
    await kit.timers.advance(1_000);
    expect(received).toEqual([value('public'), value(null)]);
    await kit.commit({ a: 'more' });
    await kit.timers.advance(1_000);
    expect(received.at(-1)).toEqual(value('more'));
  });

  it('it ends with OVERLOADED if it cannot be compiled in time', async () => {
    const kit = createKit();
    const { received, ended } = follow(await kit.subscribe('a'));
    await kit.timers.settle();
    kit.refuseWith(() => requestErrors.overloaded());
    kit.deploy(2);
    await kit.commit({ a: secret }, 2);
    await kit.timers.advance(liveLimits.recompileMs - 1);
    expect(received).toEqual([value('public')]);
    await kit.timers.advance(1);
    await ended;
    expect(received).toMatchObject([value('public'), [{ code: 'OVERLOADED' }]]);
    expect(kit.subscriptions.stats().projects).toBe(0);
  });

  it('each subscription has the whole time, also if an earlier one was not compiled', async () => {
    const kit = createKit();
    kit.values.set('b', 'other');
    const one = follow(await kit.subscribe('a', { query: 'slow' }));
    await kit.timers.settle();
    kit.refuseWith(({ query }) => (query === 'slow' ? requestErrors.overloaded() : null));
    kit.deploy(2);
    await kit.commit({}, 2);
    await kit.timers.advance(liveLimits.recompileMs - 100);
    const other = follow(await kit.subscribe('b'));
    await kit.timers.settle();
    expect(other.received).toEqual([value('other')]);
    kit.refuseWith(() => requestErrors.overloaded());
    kit.deploy(3);
    await kit.commit({}, 3);
    await kit.timers.advance(100);
    expect(one.received.at(-1)).toMatchObject([{ code: 'OVERLOADED' }]);
    kit.refuseWith(null);
    await kit.commit({ b: 'new' });
    await kit.timers.advance(1_000);
    expect(other.received).toEqual([value('other'), value('new')]);
  });

  it('a slow client does not get a result that was computed before', async () => {
    const kit = createKit();
    const results = await kit.subscribe('a');
    expect(String((await results.next())?.json)).toBe(JSON.stringify(value('public')));
    await kit.timers.advance(50);
    await kit.commit({ a: secret });
    await kit.timers.advance(50);
    expect(kit.statements).toEqual(['a', 'a']);
    kit.deploy(2);
    kit.pubsub.notify('project_schemas', kit.ref);
    const next = results.next();
    await kit.timers.settle();
    await kit.timers.advance(50);
    expect(String((await next)?.json)).toBe(JSON.stringify(value(null)));
    results.close();
  });

  it('nothing is delivered until the version was looked up', async () => {
    const kit = createKit();
    const { received } = follow(await kit.subscribe('a'));
    await kit.timers.settle();
    const resume = kit.delayRefresh();
    kit.deploy(2);
    kit.pubsub.notify('project_schemas', kit.ref);
    await kit.commit({ a: secret });
    await kit.timers.advance(1_000);
    expect(received).toEqual([value('public')]);
    resume();
    await kit.timers.advance(1_000);
    expect(received).toEqual([value('public'), value(null)]);
  });

  it('subscriptions continue if the version is the same', async () => {
    const kit = createKit();
    const { received } = follow(await kit.subscribe('a'));
    await kit.timers.settle();
    const resume = kit.delayRefresh();
    kit.pubsub.notify('project_schemas', kit.ref);
    await kit.commit({ a: 'more' });
    await kit.timers.advance(1_000);
    expect(received).toEqual([value('public')]);
    resume();
    await kit.timers.settle();
    expect(received).toEqual([value('public'), value('more')]);
  });

  it('a subscription that begins with an older snapshot delivers nothing of it', async () => {
    const kit = createKit();
    kit.values.set('a', secret);
    const first = follow(await kit.subscribe('b'));
    await kit.timers.settle();
    const notice = kit.deployUnnoticed(2);
    kit.refuseWith(() => requestErrors.overloaded());
    await kit.commit({}, 2);
    kit.refuseWith(null);
    const resume = kit.delayRefresh();
    const { received } = follow(await kit.subscribe('a'));
    await kit.timers.advance(1_000);
    expect(kit.statements).toContain('a');
    expect(received).toEqual([]);
    resume();
    notice();
    await kit.timers.advance(1_000);
    expect(received).toEqual([value(null)]);
    expect(first.received).toEqual([value(null)]);
  });

  it('the marker of a version counts more than a cached snapshot', async () => {
    const kit = createKit();
    const { received } = follow(await kit.subscribe('a'));
    await kit.timers.settle();
    kit.deployUnnoticed(2);
    await kit.commit({ a: secret }, 2);
    await kit.timers.advance(1_000);
    expect(received).toEqual([value('public'), value(null)]);
  });

  it('an error of the former plan is not delivered', async () => {
    const kit = createKit();
    const { received } = follow(await kit.subscribe('a'));
    await kit.timers.advance(50);
    kit.refuseWith(() => requestErrors.overloaded());
    kit.failWith(({ text }) => (text.endsWith('version 1') ? requestErrors.timedOut() : null));
    kit.deploy(2);
    await kit.commit({ a: 'more' }, 2);
    await kit.timers.advance(100);
    kit.refuseWith(null);
    await kit.timers.advance(1_000);
    expect(received).toEqual([value('public'), value('more')]);
  });

  it('a renewed token does not continue with the former version', async () => {
    const kit = createKit();
    kit.values.set('b', secret);
    const results = await kit.subscribe('', { caller: callerOf(kit.ref, { key: 'a' }) });
    const { received } = follow(results);
    await kit.timers.settle();
    const resume = kit.delayRefresh();
    kit.deploy(2);
    await kit.commit({}, 2);
    const renewed = results.renew(callerOf(kit.ref, { key: 'b' }));
    await kit.timers.advance(1_000);
    expect(received).toEqual([value('public')]);
    resume();
    await renewed;
    await kit.timers.advance(1_000);
    expect(received).toEqual([value('public'), value(null)]);
  });
});
