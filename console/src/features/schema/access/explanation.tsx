import { useEffect, useRef } from 'react';

import type { ExplainAccessMutation } from '#console/gql/graphql.ts';
import { countOf } from '#console/lib/count-of.ts';
import { Badge, type BadgeTone } from '#console/ui/badge.tsx';
import { CodeBlock } from '#console/ui/code-block.tsx';

import type { Go } from '../picture/picture-layout.ts';

type Explained = Extract<
  NonNullable<ExplainAccessMutation['explainAccess']>,
  { __typename: 'ExplainAccessSuccess' }
>['explanation'];
type Decision = Explained['decisions'][number];

interface ExplanationProps {
  readonly explanation: Explained;
  /** Null if the lines of the editor are not those of the applied schema. */
  readonly onGo: Go | null;
}

/** The result of a simulated request, and the rules that decided about it. */
export function Explanation({ explanation, onGo }: ExplanationProps) {
  const { data, errors, decisions } = explanation;
  const isRefused = errors.length > 0;
  const section = useRef<HTMLElement>(null);
  // The result is below the form, often outside the visible part of the panel.
  useEffect(() => section.current?.scrollIntoView({ block: 'nearest' }), [explanation]);
  const result = isRefused ? { errors, ...(data !== null && { data }) } : { data };
  return (
    <section
      ref={section}
      aria-labelledby="explanation"
      className="space-y-4 border-t border-line pt-4"
    >
      <div className="flex items-center gap-3">
        <h2 id="explanation" className="font-semibold">
          Result
        </h2>
        <span role="status">
          <Badge tone={isRefused ? 'danger' : 'success'}>{isRefused ? 'Errors' : 'Success'}</Badge>
        </span>
      </div>
      <CodeBlock code={JSON.stringify(result, null, 2)} label="Response" copy="Copy response" />
      <h3 className="font-semibold">Rules</h3>
      {decisions.length === 0 ? (
        <p className="text-quiet">
          No access rule applies to the rows that this operation reaches.
        </p>
      ) : (
        <Decisions decisions={decisions} onGo={onGo} />
      )}
    </section>
  );
}

interface DecisionsProps {
  readonly decisions: readonly Decision[];
  readonly onGo: Go | null;
}

function Decisions({ decisions, onGo }: DecisionsProps) {
  return (
    <ul aria-label="Rules that were tried" className="divide-y divide-line">
      {decisions.map((decision, index) => (
        // The list is replaced as a whole, so the index identifies a decision.
        <li key={index} className="space-y-1 py-2.5">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="font-mono font-semibold">{nameOf(decision)}</span>
            <span>{decision.operation}</span>
            <Badge tone={toneOf(decision)}>{decision.held ? 'Applies' : 'Does not apply'}</Badge>
            <span className="ml-auto text-quiet tabular-nums">{rowsOf(decision)}</span>
          </p>
          <p className="text-[0.8125rem] wrap-anywhere text-quiet">
            <code className="font-mono">{decision.rule}</code>{' '}
            {onGo === null ? (
              <>line {decision.line}</>
            ) : (
              <button
                type="button"
                onClick={() => onGo(decision.line)}
                className="cursor-pointer rounded-sm text-accent underline underline-offset-2 hover:text-accent-strong touch:min-h-11"
              >
                line {decision.line}
              </button>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}

const nameOf = ({ model, field }: Decision): string =>
  field === null ? model : `${model}.${field}`;

function toneOf({ held, rows }: Decision): BadgeTone {
  if (!held) return 'neutral';
  return rows === 0 ? 'warning' : 'success';
}

function rowsOf({ held, rows }: Decision): string {
  if (!held) return '';
  if (rows === null) return 'in conditions only';
  return `lets ${rows === 0 ? 'no rows' : countOf(rows, 'row')} through`;
}
