import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Boxes, Plus } from 'lucide-react';
import { type ComponentProps, lazy, Suspense, useState } from 'react';

import { ReceivedInvitations } from '#console/components/received-invitations/received-invitations.tsx';
import { organizationQuery } from '#console/domain/organization.queries.ts';
import { whyNot } from '#console/domain/permissions.ts';
import { type CursorPage, pagesBeside } from '#console/lib/cursor-page.ts';
import { Button } from '#console/ui/button.tsx';
import { EmptyState } from '#console/ui/empty-state.tsx';
import { Page } from '#console/ui/page.tsx';
import { Pager } from '#console/ui/pager.tsx';

import { dashboardProjectsQuery } from './dashboard.queries.ts';
import { ProjectCard } from './project-card.tsx';

interface DashboardPageProps {
  readonly slug: string;
  readonly page: CursorPage;
  /** Whether the dialog for a new project is open. */
  readonly isCreating: boolean;
}

/** An organization's projects, with a dialog to create another. */
export function DashboardPage({ slug, page, isCreating }: DashboardPageProps) {
  const navigate = useNavigate({ from: '/orgs/$slug' });
  const { data: organization } = useSuspenseQuery(organizationQuery(slug));
  const { data: projects } = useSuspenseQuery(dashboardProjectsQuery(slug, page));
  // The layout route handles "not found", even if the user's membership ends while this page is open.
  if (organization === null || projects === null) return null;
  const reason = whyNot(organization.viewerRole, 'project:create');
  const setCreating = (create: boolean) =>
    void navigate({
      search: (before) => ({ ...before, create: create ? true : undefined }),
      replace: !create,
    });
  const createButton = (
    <Button variant="primary" icon={Plus} disabledReason={reason} onClick={() => setCreating(true)}>
      New project
    </Button>
  );
  const { previous, next } = pagesBeside(projects.pageInfo);
  const turn = (to: CursorPage | null) => to !== null && void navigate({ search: { ...to } });
  return (
    <Page
      title="Projects"
      description="Each project has its own data, API and keys."
      actions={projects.totalCount > 0 && createButton}
    >
      <ReceivedInvitations />
      {projects.totalCount === 0 ? (
        <EmptyState
          icon={Boxes}
          title="No projects yet"
          description="A project is a data model with its own tables, GraphQL API and keys. Create a project to get started."
          action={createButton}
        />
      ) : (
        <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
          {projects.nodes.map((project) => (
            <ProjectCard key={project.id} project={project} />
          ))}
        </ul>
      )}
      {(previous ?? next) !== null && (
        <Pager
          name="Project list pagination"
          label={`${projects.totalCount} projects`}
          hasPrevious={previous !== null}
          hasNext={next !== null}
          onPrevious={() => turn(previous)}
          onNext={() => turn(next)}
        />
      )}
      {reason === null && (
        <NewProject organization={organization} isOpen={isCreating} onOpenChange={setCreating} />
      )}
    </Page>
  );
}

const CreateProjectDialog = lazy(async () => ({
  default: (await import('./create-project-dialog.tsx')).CreateProjectDialog,
}));

/** The dialog is loaded when it first opens. It stays mounted afterwards so that its closing animation can run. */
function NewProject(props: ComponentProps<typeof CreateProjectDialog>) {
  const [isLoaded, setIsLoaded] = useState(props.isOpen);
  if (props.isOpen && !isLoaded) setIsLoaded(true);
  if (!isLoaded) return null;
  return (
    <Suspense fallback={null}>
      <CreateProjectDialog {...props} />
    </Suspense>
  );
}
