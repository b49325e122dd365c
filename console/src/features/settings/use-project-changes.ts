import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useRouter } from '@tanstack/react-router';

import { projectQuery } from '#console/domain/project.queries.ts';
import { queryKeys } from '#console/domain/query-keys.ts';
import { DeleteProjectDocument, UpdateProjectDocument } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { toast } from '#console/ui/toast.ts';

import type { NameAndSlug } from './general-form.tsx';

interface Project {
  readonly ref: string;
  readonly name: string;
  readonly organization: { readonly slug: string };
}

/** The mutations for a project. Each of them also updates the cache and, if necessary, navigates. */
export function useProjectChanges({ ref, name, organization: { slug } }: Project) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const router = useRouter();

  /** Removes stale lists of the organization's projects. Lists that are on screen are refetched instead. */
  const refreshLists = async () => {
    const lists = queryKeys.organization.one(slug);
    queryClient.removeQueries({ queryKey: lists, type: 'inactive' });
    await queryClient.invalidateQueries({ queryKey: lists });
  };

  const save = useMutation({
    mutationFn: async (value: NameAndSlug) => {
      const data = await request(UpdateProjectDocument, { input: { projectRef: ref, ...value } });
      return expectSuccess(data.updateProject, 'UpdateProjectSuccess').project;
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ ...projectQuery(ref), exact: true });
      await refreshLists();
      await router.invalidate();
    },
  });
  const remove = useMutation({
    mutationFn: async () => {
      const data = await request(DeleteProjectDocument, { input: { projectRef: ref, name } });
      expectSuccess(data.deleteProject, 'DeleteProjectSuccess');
    },
    onSuccess: async () => {
      await refreshLists();
      // Leave the project's pages before removing its data, because they cannot render without it.
      await navigate({ to: '/orgs/$slug', params: { slug }, replace: true });
      queryClient.removeQueries({ queryKey: queryKeys.project.one(ref) });
      toast.success(`${name} deleted.`);
    },
  });
  return { save, remove };
}
