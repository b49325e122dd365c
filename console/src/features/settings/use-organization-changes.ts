import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';

import { organizationQuery } from '#console/domain/organization.queries.ts';
import { queryKeys } from '#console/domain/query-keys.ts';
import { viewerQuery } from '#console/domain/viewer.queries.ts';
import {
  DeleteOrganizationDocument,
  LeaveOrganizationDocument,
  UpdateOrganizationDocument,
} from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { toast } from '#console/ui/toast.ts';

import type { NameAndSlug } from './general-form.tsx';

interface Organization extends NameAndSlug {
  readonly id: string;
}

/** The mutations for an organization. Each of them also updates the cache and, if necessary, navigates. */
export function useOrganizationChanges({ id, slug, name }: Organization) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const router = useRouter();

  const forget = () => {
    queryClient.removeQueries({ queryKey: queryKeys.organization.one(slug) });
    // Cached projects contain their organization.
    queryClient.removeQueries({ queryKey: queryKeys.project.all });
  };
  /** Leaves the organization's pages before removing its data, because they cannot render without it. */
  const goAway = async (words: string) => {
    await queryClient.invalidateQueries(viewerQuery);
    await navigate({ to: '/', replace: true });
    forget();
    toast.success(words);
  };

  const save = useMutation({
    mutationFn: async (value: NameAndSlug) => {
      const data = await request(UpdateOrganizationDocument, { input: { id, ...value } });
      return expectSuccess(data.updateOrganization, 'UpdateOrganizationSuccess').organization;
    },
    onSuccess: async (saved) => {
      await queryClient.invalidateQueries(viewerQuery);
      if (saved.slug === slug) {
        await queryClient.invalidateQueries({ ...organizationQuery(slug), exact: true });
        queryClient.removeQueries({ queryKey: queryKeys.project.all });
        await router.invalidate();
        return;
      }
      await navigate({
        to: '/orgs/$slug/settings',
        params: { slug: saved.slug },
        replace: true,
      });
      forget();
    },
  });
  const leave = useMutation({
    mutationFn: async () => {
      const data = await request(LeaveOrganizationDocument, { input: { id } });
      expectSuccess(data.leaveOrganization, 'LeaveOrganizationSuccess');
    },
    onSuccess: () => goAway(`Your membership in ${name} has ended.`),
  });
  const remove = useMutation({
    mutationFn: async () => {
      const data = await request(DeleteOrganizationDocument, { input: { id, name } });
      expectSuccess(data.deleteOrganization, 'DeleteOrganizationSuccess');
    },
    onSuccess: () => goAway(`${name} deleted.`),
  });
  return { save, leave, remove };
}
