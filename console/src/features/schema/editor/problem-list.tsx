import { CircleX } from 'lucide-react';

import type { SdlProblem } from '../problems.ts';

interface ProblemListProps {
  readonly problems: readonly SdlProblem[];
  readonly onGo: (line: number, column: number) => void;
}

/** The problems in the text, each with its position and a hint. */
export function ProblemList({ problems, onGo }: ProblemListProps) {
  return (
    <section
      aria-label="Problems"
      className="max-h-2/5 min-h-0 shrink-0 overflow-y-auto border-t border-line bg-danger-soft/60"
    >
      <ul className="divide-y divide-danger/15">
        {problems.map(({ code, message, line, column, hint }, index) => (
          <li key={index}>
            <button
              type="button"
              onClick={() => onGo(line, column)}
              className="flex w-full cursor-pointer gap-2.5 px-4 py-2.5 text-left -outline-offset-2 hover:bg-danger-soft"
            >
              <CircleX aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-danger" />
              <span className="min-w-0 flex-1 wrap-anywhere">
                <span className="font-medium">{message}</span>
                {hint !== '' && <span className="block text-ink">{hint}</span>}
              </span>
              <span className="shrink-0 font-mono text-xs text-ink tabular-nums" title={code}>
                <span className="sr-only">at line </span>
                {line}:{column}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
