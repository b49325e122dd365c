import { useMutation, useQueryClient } from '@tanstack/react-query';

import {
  SetTrustedIssuersDocument,
  UpdateProjectSettingsDocument,
  type ProjectAccessSettingsQuery,
  type TrustedIssuerInput,
  type UpdateProjectSettingsInput,
} from '#console/gql/graphql.ts';
import { ApiError, isApiError } from '#console/lib/api/errors.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { toast } from '#console/ui/toast.ts';

import { accessSettingsQuery } from './access-settings.queries.ts';
import { errorOfForm } from './issuer-issues.ts';
import { withIssuer, type IssuerList } from './issuer-list.ts';
import type { TrustedIssuer } from './issuer-values.ts';

type Settings = NonNullable<ProjectAccessSettingsQuery['project']>;

interface Change {
  readonly before: Settings;
  readonly after: Settings;
}

/** Sends a change of the settings, which it was given. */
type Save = (
  settings: Settings,
  input: Pick<UpdateProjectSettingsInput, 'projectRef' | 'expectedVersion'>,
) => Promise<Settings>;

/** How often a change is repeated if other members change the settings at the same time. */
const maxAttempts = 3;

/**
 * The mutations for a project's allowed origins and trusted issuers. The API replaces whole lists, so each change first
 * reads the list again: another member can have changed it since the page was loaded.
 */
export function useAccessChanges(projectRef: string) {
  const queryClient = useQueryClient();
  const query = accessSettingsQuery(projectRef);

  const current = async (): Promise<Settings> => {
    const settings = await queryClient.query({ ...query, staleTime: 0 });
    if (settings === null) throw new ApiError('NOT_FOUND', 'The project no longer exists.');
    return settings;
  };

  /** Changes the settings that it has read. If they are changed in between, it reads them again. */
  const change = async (save: Save): Promise<Change> => {
    for (let attempt = 1; ; attempt += 1) {
      const before = await current();
      try {
        const after = await save(before, {
          projectRef,
          expectedVersion: before.accessSettingsVersion,
        });
        queryClient.setQueryData(query.queryKey, after);
        return { before, after };
      } catch (error) {
        if (attempt === maxAttempts || !isApiError(error, 'CONFLICT')) throw error;
      }
    }
  };

  const setOrigins = (next: (allowedOrigins: readonly string[]) => string[]) =>
    change(async ({ allowedOrigins }, input) => {
      const data = await request(UpdateProjectSettingsDocument, {
        input: { ...input, allowedOrigins: next(allowedOrigins) },
      });
      return expectSuccess(data.updateProjectSettings, 'UpdateProjectSettingsSuccess').project;
    });

  const setIssuers = (next: (trustedIssuers: readonly TrustedIssuer[]) => IssuerList) =>
    change(async ({ trustedIssuers }, input) => {
      const { issuers, edited } = next(trustedIssuers);
      try {
        const data = await request(SetTrustedIssuersDocument, { input: { ...input, issuers } });
        return expectSuccess(data.setTrustedIssuers, 'SetTrustedIssuersSuccess').project;
      } catch (error) {
        throw errorOfForm(error, issuers, edited);
      }
    });

  const addOrigin = async (origin: string) => {
    const { before, after } = await setOrigins((origins) => [...origins, origin]);
    const added = after.allowedOrigins.filter((each) => !before.allowedOrigins.includes(each));
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
      await setOrigins((origins) => origins.filter((each) => each !== origin));
    },
    onSuccess: (_data, origin) => toast.success(`${origin} removed.`),
  });

  /** @param edited the entry to replace, as it was when the form was opened; null for a new entry */
  const saveIssuer = async (issuer: TrustedIssuerInput, edited: TrustedIssuer | null) => {
    await setIssuers((issuers) => withIssuer(issuers, issuer, edited));
    toast.success(`${issuer.issuer} saved. The change takes effect within a second.`);
  };

  const removeIssuer = useMutation({
    mutationFn: async (issuer: string) => {
      await setIssuers((issuers) => ({
        issuers: issuers.filter((each) => each.issuer !== issuer),
        edited: null,
      }));
    },
    onSuccess: (_data, issuer) =>
      toast.success(`${issuer} removed. Its tokens will be rejected within a second.`),
  });

  return { addOrigin, removeOrigin, saveIssuer, removeIssuer };
}

export type AccessChanges = ReturnType<typeof useAccessChanges>;
