import { createByteBudget, type ByteBudgetLimits } from '../platform/byte-budget.ts';

const mebibyte = 1_048_576;

/** All anonymous clients together count as one holder, because a client can make any number of anonymous requests. */
export const bodyMemory: ByteBudgetLimits = { total: 64 * mebibyte, perHolder: 16 * mebibyte };

/** The memory that is reserved for one request's body. */
export interface BodyReservation {
  reserve(bytes: number): boolean;
  /** Call this once, when the body is no longer needed. */
  release(): void;
}

/**
 * Limits the memory that request bodies use. A body counts from the time it is received until its operation is
 * complete.
 * @returns a function that takes a request's `bodyHolder` (see `Admission`) and opens a reservation for the request
 */
export function createBodyBudget(limits = bodyMemory): (holder: string) => BodyReservation {
  const budget = createByteBudget(limits);
  return (holder) => {
    let reserved = 0;
    return {
      reserve(bytes) {
        const isReserved = budget.reserve(holder, bytes);
        if (isReserved) reserved += bytes;
        return isReserved;
      },
      release: () => budget.release(holder, reserved),
    };
  };
}
