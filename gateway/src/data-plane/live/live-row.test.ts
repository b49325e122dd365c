import { applyPatch, type Operation } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import { ByteList } from '../../platform/bytes.ts';
import { createLastResults } from './last-results.ts';
import { LiveQuery } from './live-query.ts';
import { LiveRow } from './live-row.ts';

interface Frame {
  readonly data?: unknown;
  readonly extensions?: { readonly live: { readonly patch: Operation[] } };
}

/** A row whose results the test provides. */
function createKit(bytes = 100_000) {
  const results = createLastResults<LiveRow>({ bytes, bytesPerProject: bytes });
  const counts = { computed: 0, unused: 0, sent: 0 };
  const lags: (number | null)[] = [];
  const row = new LiveRow('', [], {
    project: 'p',
    results,
    compute: () => (counts.computed += 1),
    onUnused: () => (counts.unused += 1),
    onResult: (lag) => lags.push(lag),
    onSent: () => (counts.sent += 1),
    clock: () => 1_000,
  });
  const follow = (isPatching = false): LiveQuery => {
    const query = new LiveQuery(isPatching);
    query.follow(row);
    return query;
  };
  const accept = (value: unknown) => {
    row.begin();
    row.accept(ByteList.of(JSON.stringify(value)));
  };
  return { row, results, counts, lags, follow, accept };
}

async function nextOf(query: LiveQuery): Promise<Frame> {
  const result = await query.next();
  return JSON.parse(String(result?.json)) as Frame;
}

/** Whether the promise of `next` has settled. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

const list = (...names: readonly string[]) => ({
  items: names.map((name) => ({ name, size: 100 })),
});

describe('a subscriber', () => {
  it('gets the first result, and then only results that differ', async () => {
    const kit = createKit();
    const query = kit.follow();
    const first = nextOf(query);
    kit.accept(list('a'));
    expect(await first).toEqual({ data: list('a') });
    const second = query.next();
    kit.accept(list('a'));
    expect(await isSettled(second)).toBe(false);
    kit.accept(list('b'));
    expect(String((await second)?.json)).toBe(JSON.stringify({ data: list('b') }));
    expect(kit.counts).toMatchObject({ computed: 1, sent: 2 });
  });

  it('that reads slowly gets only the latest result', async () => {
    const kit = createKit();
    const query = kit.follow();
    for (const name of ['a', 'b', 'c']) kit.accept(list(name));
    expect(await nextOf(query)).toEqual({ data: list('c') });
    const next = query.next();
    kit.accept(list('d'));
    await next;
    kit.accept(list('e'));
    kit.accept(list('d'));
    expect(await isSettled(query.next())).toBe(false);
  });

  it('that joins later gets the result that the others have', async () => {
    const kit = createKit();
    const first = kit.follow(true);
    kit.accept(list('a'));
    await nextOf(first);
    expect(await nextOf(kit.follow())).toEqual({ data: list('a') });
    expect(kit.counts.computed).toBe(1);
  });

  it('causes a new run if its result was dropped', async () => {
    const kit = createKit();
    const query = kit.follow();
    kit.accept(list('a'));
    await nextOf(query);
    expect(kit.results.bytes).toBe(0);
    const late = nextOf(kit.follow());
    expect(kit.counts.computed).toBe(2);
    kit.accept(list('a'));
    expect(await late).toEqual({ data: list('a') });
  });

  it('gets an error once, and then the next result in full', async () => {
    const kit = createKit();
    const query = kit.follow(true);
    kit.accept(list('a', 'b', 'c'));
    await nextOf(query);
    const failed = query.next();
    const error = new Error('too long');
    kit.row.fail(error);
    expect(await failed).toEqual({ json: null, errors: [error] });
    const next = query.next();
    kit.row.fail(error);
    expect(await isSettled(next)).toBe(false);
    const newcomer = kit.follow().next();
    kit.row.fail(error);
    expect(await newcomer).toEqual({ json: null, errors: [error] });
    kit.accept(list('a', 'b', 'c'));
    expect(String((await next)?.json)).toBe(JSON.stringify({ data: list('a', 'b', 'c') }));
  });

  it('gets a last error and then the end', async () => {
    const kit = createKit();
    const query = kit.follow();
    const error = new Error('gone');
    kit.row.endWhere(() => true, error);
    expect(await query.next()).toEqual({ json: null, errors: [error] });
    expect(await query.next()).toBeNull();
    expect(kit.counts.unused).toBe(1);
  });
});

describe('a subscriber with patches', () => {
  it('has the same state as one without after each result', async () => {
    const kit = createKit();
    const [patching, plain] = [kit.follow(true), kit.follow()];
    const state: { data?: unknown } = {};
    let patches = 0;
    const names = 'abcdefgh'.split('');
    const steps = [names, names.slice(1), [...names.slice(1), 'x'], ['y', ...names], ['z']];
    for (const step of steps) {
      kit.accept(list(...step));
      const frame = await nextOf(patching);
      const patch = frame.extensions?.live.patch;
      if (patch === undefined) state.data = frame.data;
      else {
        patches += 1;
        expect(applyPatch(state.data, patch)).toEqual(patch.map(() => null));
      }
      expect(state.data).toEqual((await nextOf(plain)).data);
    }
    expect(patches).toBe(3);
  });

  it('gets a full result if it has missed one, or if the base was dropped', async () => {
    const kit = createKit(700);
    const query = kit.follow(true);
    const names = 'abcdefgh'.split('');
    kit.accept(list(...names));
    await nextOf(query);
    kit.accept(list(...names, 'x'));
    kit.accept(list(...names, 'x', 'y'));
    expect(await nextOf(query)).toEqual({ data: list(...names, 'x', 'y') });
    kit.results.delete(kit.row);
    kit.accept(list(...names, 'z'));
    expect(await nextOf(query)).toEqual({ data: list(...names, 'z') });
  });
});

describe('the time from a commit to its result', () => {
  it('is measured from the oldest commit that the result contains', () => {
    const kit = createKit();
    kit.follow();
    kit.row.changed(new Date(900));
    kit.row.changed(new Date(950));
    kit.row.begin();
    kit.row.changed(new Date(990));
    kit.row.accept(ByteList.of('1'));
    kit.accept(2);
    kit.accept(3);
    expect(kit.lags).toEqual([100, 10, null]);
  });
});
