import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { SquareTerminal } from 'lucide-react';

import { projectQuery } from '#console/components/project.queries.ts';
import { buttonClass } from '#console/ui/button.tsx';
import { Card, CardBody, CardHeader } from '#console/ui/card.tsx';
import { CopyButton } from '#console/ui/copy-button.tsx';
import { DefinitionList } from '#console/ui/definition-list.tsx';
import { Icon } from '#console/ui/icon.tsx';
import { Page } from '#console/ui/page.tsx';
import { Time } from '#console/ui/time.tsx';

import type { CallLanguage } from './first-call.ts';
import { FirstCallCard } from './first-call-card.tsx';
import { LatestAuditCard } from './latest-audit-card.tsx';
import { NextSteps } from './next-steps.tsx';
import { keyUseQuery } from './overview.queries.ts';
import { UsageCard } from './usage-card.tsx';
import type { UsageSpan } from './usage-sum.ts';

interface OverviewPageProps {
  /** The project's. */
  readonly projectRef: string;
  readonly days: UsageSpan;
  readonly onDays: (days: UsageSpan) => void;
  readonly language: CallLanguage;
  readonly onLanguage: (language: CallLanguage) => void;
}

/** A project at a glance: where it answers, how to call it, how it is used, and what is next. */
export function OverviewPage({
  projectRef,
  days,
  onDays,
  language,
  onLanguage,
}: OverviewPageProps) {
  const { data: project } = useSuspenseQuery(projectQuery(projectRef));
  // The layout answers "not found" before this.
  if (project === null) return null;
  return (
    <Page
      title={project.name}
      description={
        <span className="inline-flex items-center gap-1">
          Ref <code className="font-mono text-[0.8125rem] break-all">{project.ref}</code>
          <CopyButton value={project.ref} label="Copy the ref" />
        </span>
      }
      actions={
        project.schema !== null && (
          <Link
            to="/projects/$ref/explorer"
            params={{ ref: project.ref }}
            className={buttonClass('secondary')}
          >
            <Icon source={SquareTerminal} /> Open API explorer
          </Link>
        )
      }
    >
      <NextSteps project={project} />
      <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-6">
          <UsageCard projectRef={project.ref} days={days} onDays={onDays} />
          {project.schema !== null && (
            <FirstCallCard
              endpoint={project.endpoint}
              projectRef={project.ref}
              schemaVersion={project.schema.version}
              language={language}
              onLanguage={onLanguage}
            />
          )}
        </div>
        <div className="flex min-w-0 flex-col gap-6">
          <FactsCard project={project} />
          <LatestAuditCard organization={project.organization} projectRef={project.ref} />
        </div>
      </div>
    </Page>
  );
}

type Project = NonNullable<
  Awaited<ReturnType<NonNullable<ReturnType<typeof projectQuery>['queryFn']>>>
>;

function FactsCard({ project }: { project: Project }) {
  const { data: keys } = useSuspenseQuery(keyUseQuery(project.ref));
  const params = { ref: project.ref };
  return (
    <Card aria-labelledby="facts">
      <CardHeader title="This project" titleId="facts" />
      <CardBody>
        <DefinitionList
          items={[
            {
              term: 'Endpoint',
              description: (
                <span className="flex items-start gap-1">
                  <code className="min-w-0 font-mono text-[0.8125rem] break-all">
                    {project.endpoint}
                  </code>
                  <CopyButton
                    value={project.endpoint}
                    label="Copy the endpoint"
                    className="-my-1.5"
                  />
                </span>
              ),
            },
            {
              term: 'Schema',
              description:
                project.schema === null ? (
                  'None yet'
                ) : (
                  <>
                    <Link to="/projects/$ref/schema" params={params} className={linkClass}>
                      Version {project.schema.version}
                    </Link>
                    , applied <Time value={project.schema.appliedAt} />
                  </>
                ),
            },
            {
              term: 'API keys',
              description: (
                <Link to="/projects/$ref/keys" params={params} className={linkClass}>
                  {keys.count === 0
                    ? 'None yet'
                    : keys.count === 1
                      ? '1 key'
                      : `${keys.count} keys`}
                </Link>
              ),
            },
            { term: 'Created', description: <Time value={project.createdAt} /> },
          ]}
        />
      </CardBody>
    </Card>
  );
}

const linkClass = 'font-medium text-accent underline underline-offset-2';
