import { createFileRoute } from '@tanstack/react-router';
import * as z from 'zod/mini';

import { projectModelsQuery } from '#console/domain/models/project-models.queries.ts';
import { callLanguages } from '#console/features/overview/first-call.ts';
import { OverviewPage } from '#console/features/overview/overview-page.tsx';
import {
  keyUsageQuery,
  storageQuery,
  usageQuery,
} from '#console/features/overview/overview.queries.ts';
import { usageSpans } from '#console/features/overview/usage-sum.ts';
import { pageTitle } from '#console/lib/page-title.ts';
import { ensure } from '#console/lib/query-client.ts';
import { searchParam } from '#console/lib/search-param.ts';

export const Route = createFileRoute('/_app/projects/$ref/')({
  validateSearch: z.object({
    /** The number of days in the chart; 30 by default. */
    days: searchParam(z.literal(usageSpans)),
    /** The language of the first request. */
    call: searchParam(z.literal(callLanguages)),
  }),
  loaderDeps: ({ search: { days = 30 } }) => ({ days }),
  loader: async ({ context: { queryClient, project }, params: { ref }, deps: { days } }) => {
    await Promise.all([
      ensure(queryClient, keyUsageQuery(ref)),
      ensure(queryClient, usageQuery(ref, days)),
      ensure(queryClient, storageQuery(ref)),
      project.schema !== null &&
        ensure(queryClient, projectModelsQuery(ref, project.schema.version)),
    ]);
  },
  head: ({ match }) => ({ meta: [{ title: pageTitle(match.context.project.name) }] }),
  component: Overview,
});

function Overview() {
  const { days = 30, call = 'curl' } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <OverviewPage
      projectRef={Route.useParams().ref}
      days={days}
      onDays={(next) =>
        void navigate({ search: (before) => ({ ...before, days: next }), replace: true })
      }
      language={call}
      onLanguage={(next) =>
        void navigate({ search: (before) => ({ ...before, call: next }), replace: true })
      }
    />
  );
}
