import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight, Check } from 'lucide-react';
import type { ReactNode } from 'react';

import { Card, CardBody, CardHeader } from '#console/ui/card.tsx';
import { cn } from '#console/ui/cn.ts';

import { keyUsageQuery } from './overview.queries.ts';

interface NextStepsProps {
  readonly project: { readonly ref: string; readonly schema: { readonly version: number } | null };
}

/** The steps from an empty project to its first API request. Hidden once a key has been used. */
export function NextSteps({ project: { ref, schema } }: NextStepsProps) {
  const { data: keys } = useSuspenseQuery(keyUsageQuery(ref));
  const hasSchema = schema !== null;
  const hasKey = keys.count > 0;
  if (hasSchema && hasKey && keys.isUsed) return null;
  const params = { ref };
  return (
    <Card aria-labelledby="next-steps">
      <CardHeader title="Next steps" titleId="next-steps" />
      <CardBody>
        <ol className="grid gap-3 lg:grid-cols-3">
          <Step number={1} isDone={hasSchema} isNext={!hasSchema} title="Write a schema">
            <Link to="/projects/$ref/schema" params={params} className={stepLink}>
              {hasSchema ? 'View schema' : 'Start from a template'}
              <ArrowRight aria-hidden="true" className="size-4" />
            </Link>
          </Step>
          <Step number={2} isDone={hasKey} isNext={hasSchema && !hasKey} title="Create a key">
            <Link to="/projects/$ref/keys" params={params} className={stepLink}>
              {hasKey ? 'View keys' : 'Create the first key'}
              <ArrowRight aria-hidden="true" className="size-4" />
            </Link>
          </Step>
          <Step number={3} isDone={keys.isUsed} isNext={hasSchema && hasKey} title="Call your API">
            {hasSchema ? (
              <Link to="/projects/$ref/data" params={params} className={stepLink}>
                Add rows
                <ArrowRight aria-hidden="true" className="size-4" />
              </Link>
            ) : (
              <span className="text-quiet">Your first request will appear here.</span>
            )}
          </Step>
        </ol>
      </CardBody>
    </Card>
  );
}

const stepLink =
  'inline-flex items-center gap-1 font-medium text-accent underline-offset-2 hover:underline touch:min-h-11';

interface StepProps {
  readonly number: number;
  readonly title: string;
  readonly isDone: boolean;
  readonly isNext: boolean;
  readonly children: ReactNode;
}

function Step({ number, title, isDone, isNext, children }: StepProps) {
  return (
    <li
      className={cn(
        'flex gap-3 rounded-lg border border-line px-4 py-3',
        isNext && 'border-accent bg-accent-soft/40',
      )}
    >
      <span
        className={cn(
          'grid size-6 shrink-0 place-items-center rounded-full border text-xs font-semibold',
          isDone ? 'border-transparent bg-accent text-on-accent' : 'border-line-strong text-quiet',
        )}
      >
        {isDone ? <Check role="img" aria-label="Done" className="size-3.5" /> : number}
      </span>
      <div className="min-w-0">
        <h3 className="font-medium">{title}</h3>
        {children}
      </div>
    </li>
  );
}
