import { expect, it, vi } from 'vitest';
import { Canceller } from './cancellation.ts';

it('Canceller calls each remaining listener once and then throws the reason', () => {
  const canceller = new Canceller();
  const [first, gone, last] = [vi.fn(), vi.fn(), vi.fn()];
  for (const listener of [first, gone, last]) canceller.addEventListener('abort', listener);
  canceller.removeEventListener('abort', gone);
  canceller.removeEventListener('abort', vi.fn());
  canceller.throwIfAborted();
  expect(canceller.aborted).toBe(false);
  const reason = new Error('The client disconnected.');
  canceller.abort(reason);
  canceller.abort(new Error('again'));
  expect(first).toHaveBeenCalledOnce();
  expect(last).toHaveBeenCalledOnce();
  expect(gone).not.toHaveBeenCalled();
  expect(canceller).toMatchObject({ aborted: true, reason });
  expect(() => canceller.throwIfAborted()).toThrow(reason);
});
