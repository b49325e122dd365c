import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { SquareTerminal } from 'lucide-react';

import { projectQuery, type Project } from '#console/domain/project.queries.ts';
import { countOf } from '#console/lib/count-of.ts';
import { buttonClass } from '#console/ui/button.tsx';
import { Card, CardBody, CardHeader } from '#console/ui/card.tsx';
import { CodeBlock } from '#console/ui/code-block.tsx';
import { CopyButton } from '#console/ui/copy-button.tsx';
import { DefinitionList } from '#console/ui/definition-list.tsx';
import { Icon } from '#console/ui/icon.tsx';
import { Page } from '#console/ui/page.tsx';
import { Time } from '#console/ui/time.tsx';

import type { CallLanguage } from './first-call.ts';
import { FirstCallCard } from './first-call-card.tsx';
import { LatestAuditCard } from './latest-audit-card.tsx';
import { NextSteps } from './next-steps.tsx';
import { keyUsageQuery } from './overview.queries.ts';
import { StorageAlert, StorageFacts } from './storage-facts.tsx';
import { UsageCard } from './usage-card.tsx';
import type { UsageSpan } from './usage-sum.ts';

interface OverviewPageProps {
  readonly projectRef: string;
  readonly days: UsageSpan;
  readonly onDays: (days: UsageSpan) => void;
  readonly language: CallLanguage;
  readonly onLanguage: (language: CallLanguage) => void;
}

/** An overview of a project: its endpoint, a first request, its usage and the next steps. */
export function OverviewPage({
  projectRef,
  days,
  onDays,
  language,
  onLanguage,
}: OverviewPageProps) {
  const { data: project } = useSuspenseQuery(projectQuery(projectRef));
  const { data: keys } = useSuspenseQuery(keyUsageQuery(projectRef));
  // The layout route has already handled "not found".
  if (project === null) return null;
  const call = project.schema !== null && (
    <FirstCallCard
      endpoint={project.endpoint}
      projectRef={project.ref}
      schemaVersion={project.schema.version}
      language={language}
      onLanguage={onLanguage}
    />
  );
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
      <StorageAlert projectRef={projectRef} />
      <NextSteps project={project} />
      <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-6">
          {/* Show the first-request card at the top until a key has been used. */}
          {!keys.isUsed && call}
          <UsageCard projectRef={project.ref} days={days} onDays={onDays} />
          {keys.isUsed && call}
        </div>
        <div className="flex min-w-0 flex-col gap-6">
          <FactsCard project={project} keyCount={keys.count} />
          <LatestAuditCard organization={project.organization} projectRef={project.ref} />
        </div>
      </div>
    </Page>
  );
}

function FactsCard({ project, keyCount }: { project: Project; keyCount: number }) {
  const params = { ref: project.ref };
  return (
    <Card aria-labelledby="facts">
      <CardHeader title="This project" titleId="facts" />
      <CardBody className="space-y-4">
        <div className="space-y-1.5">
          <p className="text-quiet">Endpoint</p>
          <CodeBlock code={project.endpoint} label="Endpoint" copy="Copy the endpoint" isWrapped />
        </div>
        <DefinitionList
          items={[
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
                  {keyCount === 0 ? 'None yet' : countOf(keyCount, 'key')}
                </Link>
              ),
            },
            { term: 'Space used', description: <StorageFacts projectRef={project.ref} /> },
            { term: 'Created', description: <Time value={project.createdAt} /> },
          ]}
        />
      </CardBody>
    </Card>
  );
}

const linkClass = 'font-medium text-accent underline underline-offset-2';
