import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { KeyRound, Plus } from 'lucide-react';

import { whyNot } from '#console/domain/permissions.ts';
import { projectQuery, type Project } from '#console/domain/project.queries.ts';
import type { ProjectKeysQuery } from '#console/gql/graphql.ts';
import { countOf } from '#console/lib/count-of.ts';
import { pagesBeside } from '#console/lib/cursor-page.ts';
import { Button } from '#console/ui/button.tsx';
import { DocsLink } from '#console/ui/docs-link.tsx';
import { EmptyState } from '#console/ui/empty-state.tsx';
import { Page } from '#console/ui/page.tsx';
import { Pager } from '#console/ui/pager.tsx';
import { Segmented } from '#console/ui/segmented.tsx';

import { KeyDialogs } from './key-dialogs.tsx';
import { KeysTable } from './keys-table.tsx';
import { keysQuery } from './keys.queries.ts';
import { PipelineHint } from './pipeline-hint.tsx';
import { useKeyChanges } from './use-key-changes.ts';

const route = getRouteApi('/_app/projects/$ref/keys');

/** A project's API keys. */
export function KeysPage({ projectRef }: { projectRef: string }) {
  const { data: project } = useSuspenseQuery(projectQuery(projectRef));
  // Null only while navigating away: the layout route has already checked that the project exists.
  return project && <Keys key={project.id} project={project} />;
}

function Keys({ project }: { project: Project }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: page } = useSuspenseQuery(keysQuery(project.ref, search));
  const changes = useKeyChanges(project.ref);
  if (page === null) return null;
  const newKey = (
    <Button
      variant="primary"
      icon={Plus}
      disabledReason={whyNot(project.organization.viewerRole, 'apiKey:create')}
      onClick={() => void navigate({ search: { ...search, new: true }, resetScroll: false })}
    >
      New key
    </Button>
  );
  const isEmpty = page.nodes.length === 0;
  return (
    <Page
      title="API keys"
      description={
        <>
          Your programs use API keys to call this project’s API. Each key can do only what its
          scopes allow. Servers use secret keys. Browsers and apps use publishable keys, to which
          access rules apply. <DocsLink page="keys">About keys</DocsLink>
        </>
      }
      actions={isEmpty ? undefined : newKey}
    >
      <section aria-label="Keys" className="flex min-w-0 flex-col gap-3">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <Segmented
            label="Show keys"
            options={[
              { value: 'active', label: 'Active' },
              { value: 'all', label: 'All' },
            ]}
            value={search.show ?? 'active'}
            onValueChange={(show) =>
              void navigate({ search: { show: show === 'all' ? show : undefined } })
            }
          />
          <PageSteps page={page} />
        </div>
        {isEmpty ? (
          <EmptyState
            icon={KeyRound}
            title={search.show === 'all' ? 'No keys yet' : 'No active keys'}
            description="A program needs a key to call this project’s API. A secret key is shown only once, when you create it."
            action={newKey}
          />
        ) : (
          <KeysTable keys={page.nodes} project={project} revoke={changes.revoke} />
        )}
      </section>
      <PipelineHint />
      <KeyDialogs project={project} keys={page.nodes} changes={changes} />
    </Page>
  );
}

type KeysPage = NonNullable<ProjectKeysQuery['project']>['apiKeys'];

function PageSteps({ page: { pageInfo, totalCount } }: { page: KeysPage }) {
  const { show } = route.useSearch();
  const navigate = route.useNavigate();
  const { previous, next } = pagesBeside(pageInfo);
  const label = countOf(totalCount, 'key');
  if (previous === null && next === null) {
    return <span className="text-quiet tabular-nums">{label}</span>;
  }
  return (
    <Pager
      name="Key list pagination"
      label={label}
      hasPrevious={previous !== null}
      hasNext={next !== null}
      onPrevious={() => void navigate({ search: { show, ...previous } })}
      onNext={() => void navigate({ search: { show, ...next } })}
    />
  );
}
