import { createByteBudget, type ByteBudgetLimits } from '../platform/byte-budget.ts';

const mebibyte = 1_048_576;

/** All anonymous clients share the bytes of one holder, because their identity is free. */
const defaultLimits: ByteBudgetLimits = { total: 64 * mebibyte, perHolder: 16 * mebibyte };

/** The memory for the body of one request. */
export interface BodyReservation {
  reserve(bytes: number): boolean;
  /** Call this once, when the request is done with its body. */
  release(): void;
}

/**
 * Limits the memory for the bodies of all requests: while they are received, and until the operation is done.
 * @returns a function that opens the reservation of one request, for the id of its key or user
 */
export function createBodyBudget(limits = defaultLimits): (holder: string) => BodyReservation {
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
