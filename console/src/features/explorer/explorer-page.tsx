import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Shapes } from 'lucide-react';
import { lazy, Suspense, useCallback } from 'react';

import {
  useActiveViewAs,
  ViewAsBanner,
  ViewAsButton,
} from '#console/components/view-as/view-as-control.tsx';
import { firstQuery } from '#console/domain/models/first-query.ts';
import { projectModelsQuery } from '#console/domain/models/project-models.queries.ts';
import { can } from '#console/domain/permissions.ts';
import { projectQuery, type Project } from '#console/domain/project.queries.ts';
import { viewerQuery } from '#console/domain/viewer.queries.ts';
import { requestProject } from '#console/lib/api/project.ts';
import type { ViewAs } from '#console/lib/api/view-as.ts';
import { buttonClass } from '#console/ui/button.tsx';
import { CopyButton } from '#console/ui/copy-button.tsx';
import { DocsLink } from '#console/ui/docs-link.tsx';
import { EmptyState } from '#console/ui/empty-state.tsx';
import { Page } from '#console/ui/page.tsx';

import { ExplorerLoading } from './explorer-loading.tsx';
import type { Send } from './project-fetcher.ts';

const Explorer = lazy(() => import('./explorer.tsx'));

/** GraphiQL for a project's API, with the signed-in member's permissions. */
export function ExplorerPage({ projectRef }: { projectRef: string }) {
  const { data: project } = useSuspenseQuery(projectQuery(projectRef));
  // The parent route already shows "not found".
  if (project === null) return null;
  if (project.schema === null) return <NoApiYet projectRef={projectRef} />;
  return <Opened project={project} schemaVersion={project.schema.version} />;
}

interface OpenedProps {
  readonly project: Project;
  readonly schemaVersion: number;
}

function Opened({ project, schemaVersion }: OpenedProps) {
  const viewAs = useActiveViewAs(project);
  return (
    <main
      id="main"
      tabIndex={-1}
      className="flex h-[calc(100dvh-3.5rem)] min-h-120 min-w-0 flex-col outline-none"
    >
      <header className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 border-b border-line px-6 py-3 max-sm:px-4">
        <div className="min-w-0">
          <h1 className="text-base font-semibold">API explorer</h1>
          <p className="text-[0.8125rem] text-quiet">
            {about(viewAs !== null, can(project.viewerCan, 'data:write'))}{' '}
            <DocsLink page="query">How to write queries</DocsLink>
          </p>
        </div>
        <div className="flex min-w-0 items-center gap-3">
          <p className="flex min-w-0 items-center gap-1 max-lg:hidden">
            <code className="truncate font-mono text-[0.8125rem] text-quiet">
              {project.endpoint}
            </code>
            <CopyButton value={project.endpoint} label="Copy the endpoint" />
          </p>
          <ViewAsButton project={project} size="sm" />
        </div>
      </header>
      <ViewAsBanner project={project} />
      <div className="min-h-0 min-w-0 flex-1">
        <Suspense fallback={<ExplorerLoading />}>
          <Ready projectRef={project.ref} schemaVersion={schemaVersion} viewAs={viewAs} />
        </Suspense>
      </div>
    </main>
  );
}

function about(isView: boolean, mayWrite: boolean): string {
  if (isView) return 'Requests run as the chosen caller. Only queries are possible.';
  return mayWrite
    ? 'Requests run with your permissions on live data. Mutations change that data.'
    : 'Requests run with your permissions. You have read-only access.';
}

interface ReadyProps {
  readonly projectRef: string;
  readonly schemaVersion: number;
  readonly viewAs: ViewAs | null;
}

/**
 * Remounts GraphiQL for each schema version and each caller, because the API changes with them. The tabs are restored
 * from storage.
 */
function Ready({ projectRef, schemaVersion, viewAs }: ReadyProps) {
  const { data: viewer } = useSuspenseQuery(viewerQuery);
  const { data: models } = useSuspenseQuery(projectModelsQuery(projectRef, schemaVersion, viewAs));
  const [first] = models;
  const send = useCallback<Send>(
    (operation) => requestProject(projectRef, { ...operation, viewAs }),
    [projectRef, viewAs],
  );
  if (viewer === null) return null;
  return (
    <Explorer
      key={`${projectRef} ${schemaVersion} ${viewAs ?? ''}`}
      projectRef={projectRef}
      owner={viewer.id}
      send={send}
      query={first === undefined ? '{ __typename }' : firstQuery(first)}
    />
  );
}

function NoApiYet({ projectRef }: { projectRef: string }) {
  return (
    <Page title="API explorer">
      <EmptyState
        icon={Shapes}
        title="No API yet"
        description="The API is generated from the project’s schema. Apply a schema to explore the API here."
        action={
          <Link
            to="/projects/$ref/schema"
            params={{ ref: projectRef }}
            className={buttonClass('primary')}
          >
            Write a schema
          </Link>
        }
      />
    </Page>
  );
}
