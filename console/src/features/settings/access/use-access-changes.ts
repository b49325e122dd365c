import { useMutation, useQueryClient } from '@tanstack/react-query';

import {
  SetTrustedIssuersDocument,
  UpdateProjectSettingsDocument,
  type AccessSettingsFragment,
  type TrustedIssuerInput,
} from '#console/gql/graphql.ts';
import { ApiError } from '#console/lib/api/errors.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { toast } from '#console/ui/toast.ts';

import { accessSettingsQuery } from './access-settings.queries.ts';
import { errorOfForm } from './issuer-issues.ts';

/**
 * The mutations for a project's allowed origins and trusted issuers. The API replaces whole lists, so each change first
 * reads the list again: another member can have changed it since the page was loaded.
 */
export function useAccessChanges(projectRef: string) {
  const queryClient = useQueryClient();
  const query = accessSettingsQuery(projectRef);

  const current = async (): Promise<AccessSettingsFragment> => {
    const settings = await queryClient.query({ ...query, staleTime: 0 });
    if (settings === null) throw new ApiError('NOT_FOUND', 'The project no longer exists.');
    return settings;
  };

  const setOrigins = async (allowedOrigins: string[]) => {
    const data = await request(UpdateProjectSettingsDocument, {
      input: { projectRef, allowedOrigins },
    });
    const saved = expectSuccess(data.updateProjectSettings, 'UpdateProjectSettingsSuccess').project;
    queryClient.setQueryData(query.queryKey, saved);
    return saved.allowedOrigins;
  };

  /** @param edited the position of the issuer in the form; null if there is no form */
  const setIssuers = async (issuers: TrustedIssuerInput[], edited: number | null) => {
    try {
      const data = await request(SetTrustedIssuersDocument, { input: { projectRef, issuers } });
      const { project } = expectSuccess(data.setTrustedIssuers, 'SetTrustedIssuersSuccess');
      queryClient.setQueryData(query.queryKey, project);
    } catch (error) {
      throw errorOfForm(error, issuers, edited);
    }
  };

  const addOrigin = async (origin: string) => {
    const { allowedOrigins } = await current();
    const saved = await setOrigins([...allowedOrigins, origin]);
    const added = saved.filter((each) => !allowedOrigins.includes(each));
    // The gateway removes duplicates, after it has converted the origin to the form that browsers send.
    if (added.length === 0) {
      const message = 'This origin is already allowed.';
      throw new ApiError('VALIDATION_FAILED', message, {
        issues: [{ path: ['allowedOrigins'], message }],
      });
    }
    toast.success(`${added.join(', ')} added. Its pages can call the API within a second.`);
  };

  const removeOrigin = useMutation({
    mutationFn: async (origin: string) => {
      const { allowedOrigins } = await current();
      await setOrigins(allowedOrigins.filter((each) => each !== origin));
    },
    onSuccess: (_data, origin) => toast.success(`${origin} removed.`),
  });

  /** @param edited the `issuer` of the entry to replace; null for a new entry */
  const saveIssuer = async (issuer: TrustedIssuerInput, edited: string | null) => {
    const { trustedIssuers } = await current();
    const position =
      edited === null
        ? trustedIssuers.length
        : trustedIssuers.findIndex((each) => each.issuer === edited);
    if (position === -1) {
      throw new ApiError('NOT_FOUND', 'Another member has removed this issuer. Add it again.');
    }
    const issuers: TrustedIssuerInput[] = [...trustedIssuers];
    issuers[position] = issuer;
    await setIssuers(issuers, position);
    toast.success(`${issuer.issuer} saved. The change takes effect within a second.`);
  };

  const removeIssuer = useMutation({
    mutationFn: async (issuer: string) => {
      const { trustedIssuers } = await current();
      await setIssuers(
        trustedIssuers.filter((each) => each.issuer !== issuer),
        null,
      );
    },
    onSuccess: (_data, issuer) =>
      toast.success(`${issuer} removed. Its tokens will be rejected within a second.`),
  });

  return { addOrigin, removeOrigin, saveIssuer, removeIssuer };
}

export type AccessChanges = ReturnType<typeof useAccessChanges>;
