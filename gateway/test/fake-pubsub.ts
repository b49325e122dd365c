import type { PubSub } from '../src/platform/pubsub/pubsub.ts';

/** Delivers notifications that a test sends, without a database. */
export interface FakePubSub extends PubSub {
  notify(channel: string, payload: string): void;
  /** Ends the connection. Notifications do not arrive any more. */
  lose(): void;
}

export function createFakePubSub(): FakePubSub {
  const handlers = new Map<string, Set<(payload: string) => void>>();
  const lostHandlers = new Set<() => void>();
  let hears = true;
  return {
    start: () => Promise.resolve(),
    subscribe(channel, handler) {
      const known = handlers.get(channel) ?? new Set();
      handlers.set(channel, known.add(handler));
      return () => void known.delete(handler);
    },
    publish: () => Promise.resolve(),
    isHearing: () => hears,
    onLost(handler) {
      lostHandlers.add(handler);
      return () => void lostHandlers.delete(handler);
    },
    onRegained: () => () => undefined,
    close: () => Promise.resolve(),
    notify(channel, payload) {
      for (const handler of handlers.get(channel) ?? []) handler(payload);
    },
    lose() {
      hears = false;
      for (const handler of lostHandlers) handler();
    },
  };
}
