import { operationErrors } from '../../engine/runtime.ts';
import {
  answerLimits,
  type AnswerMemory,
  type AnswerRefusal,
} from '../../platform/answer-budget.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';
import type { ReserveRow } from '../connections/exchange.ts';

/** Creates the error for an answer for which no memory was reserved. */
export function refusedAnswer(refusal: AnswerRefusal): Error {
  switch (refusal) {
    case 'TOO_LARGE':
      return operationErrors.answerTooLarge(answerLimits.perAnswer);
    case 'OVER_BUDGET':
      return requestErrors.overloaded();
    case 'CLOSED':
      return requestErrors.clientGone();
    default:
      return assertNever(refusal);
  }
}

/** Reserves memory for rows that can be refused, because nothing is committed when they arrive. */
export const reservedIn =
  (memory: AnswerMemory): ReserveRow =>
  (bytes) => {
    const refusal = memory.reserve(bytes);
    return refusal === null ? null : refusedAnswer(refusal);
  };

/** Counts the short rows of a statement that is committed when they arrive: see `MutationEnvironment`. */
export const countedIn =
  (memory: AnswerMemory): ReserveRow =>
  (bytes) => {
    memory.add(bytes);
    return null;
  };
