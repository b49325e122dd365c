import { createFileRoute } from '@tanstack/react-router';
import { useCallback } from 'react';
import * as z from 'zod/mini';

import { SchemaPage } from '#console/features/schema/schema-page.tsx';
import { schemaViews } from '#console/features/schema/schema-views.ts';
import { projectSchemaQuery } from '#console/domain/project-schema.queries.ts';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';
import { searchParam } from '#console/lib/search-param.ts';

const search = z.object({
  view: searchParam(z.enum(schemaViews)),
  rules: searchParam(z.string()),
});

export const Route = createFileRoute('/_app/projects/$ref/schema/')({
  validateSearch: search,
  loader: async ({ context: { queryClient, project }, params: { ref } }) => {
    await ensure(queryClient, projectSchemaQuery(ref));
    return { name: project.name };
  },
  head: ({ loaderData }) => ({ meta: [{ title: pageTitle('Schema', loaderData?.name) }] }),
  component: SchemaRoute,
});

function SchemaRoute() {
  const { ref } = Route.useParams();
  const { view = 'plan', rules = null } = Route.useSearch();
  const navigate = Route.useNavigate();
  // Memoized, because the diagram is laid out again whenever this function changes.
  const openRules = useCallback(
    (model: string | null) =>
      void navigate({ search: (current) => ({ ...current, rules: model ?? undefined }) }),
    [navigate],
  );
  return (
    <SchemaPage
      // Remounted for each project, because the editor keeps the text in its state.
      key={ref}
      projectRef={ref}
      view={view}
      onView={(next) =>
        void navigate({ search: { view: next === 'plan' ? undefined : next }, replace: true })
      }
      rulesOf={rules}
      onRules={openRules}
    />
  );
}
