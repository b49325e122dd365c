import { useDeferredValue, useMemo, useState } from 'react';

import { readOutline, type SdlOutline } from '#console/lib/sdl/outline.ts';

import { draft } from './draft.ts';
import { syntaxProblem } from './problems.ts';

/** The text of the editor: what is being written, or else what is applied. */
export function useText(ref: string, applied: string, mayWrite: boolean) {
  const [written, setWritten] = useState(() => draft.read(ref));
  const text = (mayWrite ? written : null) ?? applied;
  const discard = () => {
    draft.forget(ref);
    setWritten(null);
  };
  const write = (next: string) => {
    if (next === applied) discard();
    else {
      draft.write(ref, next);
      setWritten(next);
    }
  };
  return { text, isDirty: text !== applied, write, discard };
}

const nothing: SdlOutline = { types: [], enums: [], relations: [] };

/** What the text speaks of, as it was when it last could be read, and what keeps it from that now. */
export function useOutline(text: string) {
  const settled = useDeferredValue(text);
  const reading = useMemo(() => readOutline(settled), [settled]);
  const [outline, setOutline] = useState(reading.ok ? reading.outline : nothing);
  if (reading.ok && reading.outline !== outline) setOutline(reading.outline);
  const problem = useMemo(() => (reading.ok ? null : syntaxProblem(reading.problem)), [reading]);
  return { outline, problem };
}
