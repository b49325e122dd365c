import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

import type { SdlProblem } from './problems.ts';
import { planQuery, type Planning } from './plan.queries.ts';

/** How long the user must pause typing before the plan is requested. */
const pauseMs = 600;

export type PlanState =
  /** Nothing to plan: the text equals the applied schema, or it is empty and no schema is applied. */
  | { readonly kind: 'UNCHANGED' }
  /** The text has a syntax error. */
  | { readonly kind: 'UNREADABLE' }
  | { readonly kind: 'WAITING' }
  | { readonly kind: 'FAILED'; readonly error: unknown; readonly retry: () => void }
  /** `isCurrent` is false while the plan is for earlier text. */
  | (Planning & { readonly isCurrent: boolean; readonly sdl: string });

interface Wanted {
  readonly ref: string;
  readonly text: string;
  readonly applied: { readonly sdl: string; readonly version: number } | null;
  readonly syntaxProblem: SdlProblem | null;
  readonly mayPlan: boolean;
}

/** Plans the text after a pause in typing, or immediately with `planNow`. A new request cancels the previous one. */
export function usePlan({ ref, text, applied, syntaxProblem, mayPlan }: Wanted) {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text]);

  const isUnchanged = text === (applied?.sdl ?? '') || (applied === null && text.trim() === '');
  const isReadable = syntaxProblem === null;
  const query = useQuery({
    ...planQuery(ref, applied?.version ?? 0, settled),
    enabled: mayPlan && !isUnchanged && isReadable,
    placeholderData: keepPreviousData,
  });
  const retry = () => void query.refetch();
  return {
    state: stateOf(),
    /** The text after the last pause in typing. */
    settled,
    /** Plans without waiting for a pause. */
    planNow: () => {
      if (settled === text) retry();
      else setSettled(text);
    },
  };

  function stateOf(): PlanState {
    if (isUnchanged || !mayPlan) return { kind: 'UNCHANGED' };
    if (!isReadable) return { kind: 'UNREADABLE' };
    const isCurrent = settled === text && !query.isPlaceholderData && !query.isFetching;
    if (query.error !== null && !query.isFetching) {
      return { kind: 'FAILED', error: query.error, retry };
    }
    if (query.data === undefined) return { kind: 'WAITING' };
    return { ...query.data, isCurrent, sdl: settled };
  }
}
