import { queryOptions } from '@tanstack/react-query';

import { queryKeys } from '#console/domain/query-keys.ts';
import { ProjectAccessSettingsDocument } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';

/** The settings of a project for apps; null if the viewer is not a member of its organization. */
export const accessSettingsQuery = (ref: string) =>
  queryOptions({
    queryKey: queryKeys.project.accessSettings(ref),
    queryFn: async () => (await request(ProjectAccessSettingsDocument, { ref })).project,
  });
