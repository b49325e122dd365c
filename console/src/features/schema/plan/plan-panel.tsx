import { Link } from '@tanstack/react-router';
import { CircleCheck, ClipboardList } from 'lucide-react';
import type { ReactNode } from 'react';

import type { Hazard } from '#console/gql/graphql.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { countOf } from '#console/lib/count-of.ts';
import { Alert } from '#console/ui/alert.tsx';
import { Button } from '#console/ui/button.tsx';
import { EmptyState } from '#console/ui/empty-state.tsx';
import { SkeletonRows } from '#console/ui/skeleton.tsx';

import type { SchemaPlan } from '../schema.queries.ts';
import type { ApplyOutcome } from '../use-apply.ts';
import type { PlanState } from '../use-plan.ts';
import { Consent } from './consent.tsx';
import { NotApplied } from './not-applied.tsx';
import { PlanNotes } from './plan-notes.tsx';
import { PlanSteps } from './plan-steps.tsx';
import { Suggestions } from './suggestions.tsx';

export interface PlanPanelProps {
  readonly projectRef: string;
  readonly state: PlanState;
  /** The outcome of the last apply; null once the text has changed. */
  readonly outcome: ApplyOutcome | null;
  readonly applyError: string | null;
  readonly isApplying: boolean;
  readonly isViewer: boolean;
  /** The applied version; null if no schema has been applied. */
  readonly version: number | null;
  readonly applyReason: string | null;
  readonly onApply: (plan: SchemaPlan, accepted: readonly Hazard[]) => void;
}

/** The migration plan for the text, and the outcome of applying it. */
export function PlanPanel(props: PlanPanelProps) {
  const { state, outcome, projectRef, version } = props;
  switch (state.kind) {
    case 'UNCHANGED':
      if (outcome?.kind === 'APPLIED') return <Applied projectRef={projectRef} {...outcome} />;
      return <NothingToPlan {...props} />;
    case 'UNREADABLE':
      return <Hint>Fix the syntax error to see the plan.</Hint>;
    case 'WAITING':
      return (
        <div aria-busy="true" aria-label="Planning the migration" role="status" className="p-4">
          <SkeletonRows rows={4} />
        </div>
      );
    case 'INVALID':
      return <Hint>Fix the problems in the schema to see the plan.</Hint>;
    case 'FAILED':
      return (
        <div className="p-4">
          <Alert
            tone="danger"
            role="alert"
            title="The migration couldn’t be planned"
            actions={
              <Button size="sm" onClick={state.retry}>
                Try again
              </Button>
            }
          >
            {explainError(state.error)}
          </Alert>
        </div>
      );
    case 'PLAN':
      return (
        <>
          {outcome !== null && outcome.kind !== 'APPLIED' && (
            <NotApplied projectRef={projectRef} outcome={outcome} version={version} />
          )}
          <Plan {...props} plan={state.plan} isCurrent={state.isCurrent} />
        </>
      );
  }
}

interface PlanProps extends PlanPanelProps {
  readonly plan: SchemaPlan;
  readonly isCurrent: boolean;
}

function Plan({ plan, isCurrent, applyReason, isApplying, applyError, onApply }: PlanProps) {
  const { steps } = plan;
  return (
    <div aria-busy={!isCurrent} className="flex min-h-0 flex-1 flex-col">
      <div className="min-h-0 flex-1 overflow-y-auto">
        <p className="px-4 pt-3.5 pb-2 text-quiet">
          {isCurrent || isApplying
            ? headingOf(plan)
            : 'Updating the plan. The previous plan is shown below.'}
        </p>
        <Suggestions suggestions={plan.suggestions} />
        <PlanNotes notes={plan.notes} />
        <PlanSteps steps={steps} />
      </div>
      <Consent
        key={plan.hash}
        plan={plan}
        disabledReason={applyReason ?? (isCurrent ? null : 'The plan is being updated.')}
        isApplying={isApplying}
        error={applyError}
        onApply={(accepted) => onApply(plan, accepted)}
      />
    </div>
  );
}

function headingOf({ steps, baseVersion }: SchemaPlan): string {
  if (steps.length === 0) {
    return 'The tables don’t change. Only the schema text differs from the applied version.';
  }
  const start = baseVersion === 0 ? 'an empty schema' : `version ${baseVersion}`;
  return `${countOf(steps.length, 'step')} to migrate from ${start}.`;
}

function NothingToPlan({ isViewer, version }: Pick<PlanPanelProps, 'isViewer' | 'version'>) {
  if (version === null) {
    return (
      <Hint>
        {isViewer
          ? 'No schema is applied yet.'
          : 'Write your first model, or start from a template. The migration plan appears here.'}
      </Hint>
    );
  }
  return (
    <Hint>
      {isViewer
        ? `This is the applied schema, version ${version}.`
        : `No changes: this is the applied schema, version ${version}. Edit it to see a migration plan here.`}
    </Hint>
  );
}

function Hint({ children }: { children: ReactNode }) {
  return (
    <EmptyState icon={ClipboardList} title="Plan" description={children} className="m-4 py-8" />
  );
}

function Applied({ projectRef, version }: { projectRef: string; version: number }) {
  const params = { ref: projectRef };
  const link = 'font-medium text-accent underline underline-offset-2 hover:text-accent-strong';
  return (
    <div className="m-4 rounded-lg border border-success/25 bg-success-soft p-4">
      <h2 className="flex items-center gap-2 font-semibold">
        <CircleCheck aria-hidden="true" className="size-4 text-success" />
        Version {version} is applied
      </h2>
      <p className="mt-1">The project’s API already uses this version. Next steps:</p>
      <ul className="mt-2 list-disc space-y-1 pl-5">
        <li>
          <Link to="/projects/$ref/data" params={params} className={link}>
            Add the first rows
          </Link>
        </li>
        <li>
          <Link to="/projects/$ref/keys" params={params} className={link}>
            Create a key
          </Link>{' '}
          for your server, or for your app if the schema has access rules
        </li>
        <li>
          <Link to="/projects/$ref/explorer" params={params} className={link}>
            Try a query
          </Link>{' '}
          in the explorer
        </li>
      </ul>
    </div>
  );
}
