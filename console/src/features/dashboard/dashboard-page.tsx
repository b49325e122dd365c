import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Boxes, Plus } from 'lucide-react';
import { type ComponentProps, lazy, Suspense, useState } from 'react';

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

/** An organization's projects, and the way to the next one. */
export function DashboardPage({ slug, page, isCreating }: DashboardPageProps) {
  const navigate = useNavigate({ from: '/orgs/$slug' });
  const { data: organization } = useSuspenseQuery(organizationQuery(slug));
  const { data: projects } = useSuspenseQuery(dashboardProjectsQuery(slug, page));
  // The layout answers "not found" before this; a membership that ends meanwhile ends up there, too.
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
      description={`All that ${organization.name} runs on: each has its own data, its own API and its own keys.`}
      actions={projects.totalCount > 0 && createButton}
    >
      {projects.totalCount === 0 ? (
        <EmptyState
          icon={Boxes}
          title="No project yet"
          description="A project is a data model with its own tables, GraphQL API and keys. Create the first one: it takes seconds."
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
          name="Pages of projects"
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

/** The dialog, loaded when it opens for the first time; from then on it stays, to close as dialogs do. */
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
