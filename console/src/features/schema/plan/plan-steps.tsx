import { Minus, PencilLine, Plus, ShieldCheck } from 'lucide-react';
import type { ReactNode } from 'react';

import { Badge } from '#console/ui/badge.tsx';
import { CodeBlock } from '#console/ui/code-block.tsx';
import { cn } from '#console/ui/cn.ts';
import { Tooltip } from '#console/ui/tooltip.tsx';

import type { PlanStep } from '../schema.queries.ts';
import { Sentence } from '../access/sentence.tsx';
import { affectedWords, changeOf, hazardWords, publicRowsWords } from './hazards.ts';

interface PlanStepsProps {
  readonly steps: readonly PlanStep[];
}

/** The steps in the order in which they are applied, each with its SQL. */
export function PlanSteps({ steps }: PlanStepsProps) {
  const withSql = steps.filter(({ sql }) => sql !== '');
  return (
    <>
      <ol aria-label="Steps" className="divide-y divide-line">
        {steps.map((step, index) => (
          // A plan never changes, so the index identifies a step.
          <Step key={index} step={step} />
        ))}
      </ol>
      {withSql.length > 1 && (
        <Details summary="All SQL">
          <CodeBlock
            code={withSql.map(({ summary, sql }) => `-- ${summary}\n${sql}`).join('\n\n')}
            label="All SQL"
            copy="Copy all SQL"
          />
        </Details>
      )}
    </>
  );
}

function Step({ step }: { step: PlanStep }) {
  const affected = affectedWords(step);
  const publicRows = publicRowsWords(step);
  return (
    <li className="flex gap-3 px-4 py-2.5">
      <Sign kind={step.kind} />
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
          <p className="min-w-0 wrap-anywhere">
            <Sentence text={step.summary} />
          </p>
          {step.hazard !== 'NONE' && <HazardBadge hazard={step.hazard} />}
          {affected !== null && (
            <span className="text-[0.8125rem] text-quiet tabular-nums">{affected}</span>
          )}
        </div>
        {publicRows !== null && (
          <p className="mt-0.5 text-[0.8125rem] text-quiet tabular-nums">{publicRows}</p>
        )}
        {step.sql !== '' && (
          <Details summary="SQL" about={step.summary} isInStep>
            <CodeBlock code={step.sql} label={`SQL: ${step.summary}`} copy="Copy SQL" />
          </Details>
        )}
      </div>
    </li>
  );
}

const signs = {
  ADD: { icon: Plus, name: 'Adds', className: 'bg-success-soft text-success' },
  DROP: { icon: Minus, name: 'Drops', className: 'bg-danger-soft text-danger' },
  CHANGE: { icon: PencilLine, name: 'Changes', className: 'bg-info-soft text-info' },
  ACCESS: { icon: ShieldCheck, name: 'Changes access', className: 'bg-info-soft text-info' },
} as const;

function Sign({ kind }: { kind: string }) {
  const { icon: Mark, name, className } = signs[changeOf(kind)];
  return (
    <span
      role="img"
      aria-label={name}
      title={kind}
      className={cn('mt-0.5 grid size-5 shrink-0 place-items-center rounded-md', className)}
    >
      <Mark aria-hidden="true" className="size-3" strokeWidth={2.5} />
    </span>
  );
}

export function HazardBadge({ hazard }: { hazard: Exclude<PlanStep['hazard'], 'NONE'> }) {
  const { label, tone, meaning } = hazardWords[hazard];
  return (
    <Tooltip content={meaning}>
      <Badge tone={tone}>{label}</Badge>
    </Tooltip>
  );
}

interface DetailsProps {
  readonly summary: string;
  /** Added to the summary for screen readers. */
  readonly about?: string;
  readonly isInStep?: boolean;
  readonly children: ReactNode;
}

function Details({ summary, about, isInStep = false, children }: DetailsProps) {
  return (
    <details
      className={cn('group min-w-0', isInStep ? 'mt-0.5' : 'border-t border-line px-4 py-2.5')}
    >
      <summary className="w-fit cursor-pointer rounded-sm text-[0.8125rem] text-quiet select-none hover:text-ink touch:py-2.5">
        {summary}
        {about !== undefined && <span className="sr-only"> for: {about}</span>}
      </summary>
      <div className="pt-2 pb-1">{children}</div>
    </details>
  );
}
