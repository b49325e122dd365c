import { useDeferredValue, useMemo, useState } from 'react';

import { readOutline, type SdlOutline } from '#console/lib/sdl/outline.ts';

import { draft } from './draft.ts';
import { syntaxProblem } from './problems.ts';

/** The editor's text: the draft, or the applied schema if there is no draft. */
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

const emptyOutline: SdlOutline = { types: [], enums: [], relations: [] };

/** The outline of the last text without syntax errors, and the syntax error of the current text. */
export function useOutline(text: string) {
  const settled = useDeferredValue(text);
  const reading = useMemo(() => readOutline(settled), [settled]);
  const [outline, setOutline] = useState(reading.ok ? reading.outline : emptyOutline);
  if (reading.ok && reading.outline !== outline) setOutline(reading.outline);
  const problem = useMemo(() => (reading.ok ? null : syntaxProblem(reading.problem)), [reading]);
  return { outline, problem };
}
