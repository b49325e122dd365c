import { useCallback, useRef, type ComponentProps } from 'react';

import { findJsonProblem, jsonProblemText } from '#console/domain/models/json-problem.ts';
import { parseExactJson } from '#console/lib/exact-json.ts';
import { Button } from '#console/ui/button.tsx';
import { Textarea } from '#console/ui/input.tsx';

interface JsonInputProps extends Omit<ComponentProps<'textarea'>, 'value' | 'onChange'> {
  /** The name of the field. */
  readonly name: string;
  readonly value: string;
  readonly onValueChange: (text: string) => void;
}

/** A text area for JSON that states the first mistake and where it is, and can format the text. */
export function JsonInput({ name, value, onValueChange, ref, ...rest }: JsonInputProps) {
  const area = useRef<HTMLTextAreaElement | null>(null);
  // The same function for each rendering: the ref of a cell selects the text, which must happen only once.
  const setArea = useCallback(
    (element: HTMLTextAreaElement | null) => {
      area.current = element;
      if (typeof ref === 'function') ref(element);
      else if (ref) ref.current = element;
    },
    [ref],
  );
  const problem = value.trim() === '' ? null : findJsonProblem(value);
  const problemId = `${rest.id ?? ''}-json-problem`;
  const formatted =
    problem === null && value.trim() !== '' ? JSON.stringify(parseExactJson(value), null, 2) : null;
  // The error of a submitted form or cell has the same text.
  const isStated = rest['aria-invalid'] === true;
  const showProblem = () => {
    if (problem === null) return;
    area.current?.focus();
    area.current?.setSelectionRange(problem.offset, problem.offset + 1);
  };
  return (
    <div className="space-y-1">
      <Textarea
        {...rest}
        aria-describedby={
          [rest['aria-describedby'], problem !== null && problemId].filter(Boolean).join(' ') ||
          undefined
        }
        ref={setArea}
        rows={3}
        spellCheck={false}
        className="field-sizing-content max-h-80 font-mono text-[0.8125rem]"
        value={value}
        onChange={({ target }) => onValueChange(target.value)}
      />
      <div className="flex items-start justify-between gap-2">
        <p id={problemId} className="min-w-0 pt-1 text-xs wrap-anywhere text-quiet">
          {problem !== null && !isStated && jsonProblemText(value, problem)}
        </p>
        {problem !== null && (
          <Button size="sm" variant="ghost" className="shrink-0" onClick={showProblem}>
            Go to the mistake
          </Button>
        )}
        {formatted !== null && formatted !== value && (
          <Button
            size="sm"
            variant="ghost"
            className="shrink-0"
            aria-label={`Format ${name}`}
            onClick={() => onValueChange(formatted)}
          >
            Format
          </Button>
        )}
      </div>
    </div>
  );
}
