import { expect, vi } from 'vitest';

/** What a client's callbacks have received from a subscription. */
export class Collected<T> {
  readonly values: T[] = [];
  readonly errors: unknown[] = [];
  isComplete = false;

  readonly next = (value: T): void => void this.values.push(value);
  readonly error = (error: unknown): void => void this.errors.push(error);
  readonly complete = (): void => {
    this.isComplete = true;
  };

  /** Waits until the latest value is the given one. */
  async reaches(expected: unknown): Promise<void> {
    await vi.waitFor(() => {
      expect(this.errors).toEqual([]);
      expect(this.values.at(-1)).toEqual(expected);
    }, waiting);
  }

  /** Waits for an error. */
  async fails(): Promise<unknown> {
    return vi.waitFor(() => {
      expect(this.errors).toHaveLength(1);
      return this.errors[0];
    }, waiting);
  }

  async completes(): Promise<void> {
    await vi.waitFor(() => expect(this.isComplete).toBe(true), waiting);
  }
}

const waiting = { timeout: 10_000, interval: 10 };
