import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { History, PencilLine } from 'lucide-react';
import { Suspense } from 'react';

import { whyNot } from '#console/domain/permissions.ts';
import { projectQuery } from '#console/domain/project.queries.ts';
import { buttonClass } from '#console/ui/button.tsx';
import { DocsLink } from '#console/ui/docs-link.tsx';
import { EmptyState } from '#console/ui/empty-state.tsx';
import { Page } from '#console/ui/page.tsx';
import { SkeletonRows } from '#console/ui/skeleton.tsx';

import { projectSchemaQuery } from '#console/domain/project-schema.queries.ts';
import { VersionDiff } from './version-diff.tsx';
import { VersionList } from './version-list.tsx';
import { VersionView } from './version-view.tsx';

interface VersionsPageProps {
  readonly projectRef: string;
  /** The version in the URL. If there is none, the newest version is shown. */
  readonly version: number | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** The list of versions, with the selected version or the diff of two versions. */
export function VersionsPage({ projectRef, version, from, to }: VersionsPageProps) {
  const { data: project } = useSuspenseQuery(projectQuery(projectRef));
  const { data: applied } = useSuspenseQuery(projectSchemaQuery(projectRef));
  const newest = applied?.version ?? 0;
  const compared = from !== undefined && to !== undefined ? { from, to } : null;
  const number = version ?? newest;
  return (
    <Page
      width="full"
      title="Schema versions"
      description={
        <>
          All schemas that have been applied to this project. Versions never change.{' '}
          <DocsLink page="goBack">How to return to an earlier version</DocsLink>
        </>
      }
      actions={<EditorLink projectRef={projectRef} isPrimary={false} />}
    >
      {newest === 0 ? (
        <EmptyState
          icon={History}
          title="No versions yet"
          description="Each schema that you apply appears here with its migration plan."
          action={<EditorLink projectRef={projectRef} isPrimary />}
        />
      ) : (
        <div className="grid min-w-0 items-start gap-4 lg:grid-cols-[20rem_minmax(0,1fr)]">
          <VersionList projectRef={projectRef} shown={compared === null ? number : null} />
          <Suspense fallback={<SkeletonRows rows={6} />}>
            {compared === null ? (
              <VersionView
                projectRef={projectRef}
                number={number}
                newest={newest}
                editReason={whyNot(project?.organization.viewerRole, 'schema:plan')}
              />
            ) : (
              <VersionDiff projectRef={projectRef} newest={newest} {...compared} />
            )}
          </Suspense>
        </div>
      )}
    </Page>
  );
}

function EditorLink({ projectRef, isPrimary }: { projectRef: string; isPrimary: boolean }) {
  return (
    <Link
      to="/projects/$ref/schema"
      params={{ ref: projectRef }}
      className={buttonClass(isPrimary ? 'primary' : 'secondary')}
    >
      <PencilLine aria-hidden="true" className="size-4" />
      Open the editor
    </Link>
  );
}
