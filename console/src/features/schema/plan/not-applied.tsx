import { Link } from '@tanstack/react-router';

import { Alert } from '#console/ui/alert.tsx';

import type { ApplyOutcome } from '../use-apply.ts';
import { affectedWords } from './hazards.ts';

interface NotAppliedProps {
  readonly projectRef: string;
  readonly outcome: Exclude<ApplyOutcome, { kind: 'APPLIED' }>;
  readonly version: number | null;
}

/** Shown above the plan: the reason why the schema was not applied. */
export function NotApplied({ projectRef, outcome, version }: NotAppliedProps) {
  if (outcome.kind === 'REFUSED') {
    const affected = outcome.step === null ? null : affectedWords(outcome.step);
    return (
      <Alert tone="danger" role="alert" title="Nothing was changed" className="m-4 mb-0">
        <p>{outcome.message}</p>
        {outcome.step !== null && (
          <p className="mt-1">
            {outcome.step.target}
            {affected === null ? '' : `: ${affected}`}.{' '}
            <Link
              to="/projects/$ref/data"
              params={{ ref: projectRef }}
              className="font-medium underline underline-offset-2"
            >
              View the rows
            </Link>
            .
          </p>
        )}
      </Alert>
    );
  }
  const { plannedFor, plan } = outcome;
  return (
    <Alert
      tone="warning"
      role="alert"
      title="The schema has changed since your plan was made"
      className="m-4 mb-0"
    >
      <p>
        Nothing was applied. Your plan was based on {nameOf(plannedFor)}, but the current schema is{' '}
        {nameOf(plan.baseVersion)}. Review the new plan below. It reverts any newer changes that
        your schema text doesn’t include.
      </p>
      {plannedFor > 0 && version !== null && version > plannedFor && (
        <p className="mt-1">
          <Link
            to="/projects/$ref/schema/versions"
            params={{ ref: projectRef }}
            search={{ from: plannedFor, to: version }}
            className="font-medium underline underline-offset-2"
          >
            See what changed
          </Link>
        </p>
      )}
    </Alert>
  );
}

const nameOf = (version: number): string =>
  version === 0 ? 'an empty schema' : `version ${version}`;
