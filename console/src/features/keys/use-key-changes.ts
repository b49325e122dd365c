import { useMutation, useQueryClient } from '@tanstack/react-query';

import { queryKeys } from '#console/domain/query-keys.ts';
import {
  CreateApiKeyDocument,
  RevokeApiKeyDocument,
  RotateApiKeyDocument,
  UpdateApiKeyDocument,
  type CreateApiKeyInput,
  type KeyRowFragment,
  type UpdateApiKeyInput,
} from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { toast } from '#console/ui/toast.ts';

/** A new key with its secret. The secret is kept only in the state of the page that shows it. */
export interface NewKey {
  readonly secret: string;
  readonly apiKey: KeyRowFragment;
  /** When the rotated key expires; null if the key is not a replacement or the old key has already expired. */
  readonly oldWorksUntil: string | null;
}

/**
 * The mutations for a project's keys. `create` and `rotate` bypass TanStack Query, so that secrets are never cached.
 */
export function useKeyChanges(projectRef: string) {
  const queryClient = useQueryClient();
  const refresh = () =>
    queryClient.invalidateQueries({ queryKey: queryKeys.project.apiKeys(projectRef) });

  const create = async (input: Omit<CreateApiKeyInput, 'projectRef'>): Promise<NewKey> => {
    const data = await request(CreateApiKeyDocument, {
      input: { ...input, projectRef },
    });
    const created = expectSuccess(data.createApiKey, 'CreateApiKeySuccess');
    await refresh();
    return { secret: created.secret, apiKey: created.apiKey, oldWorksUntil: null };
  };

  const rotate = async (key: KeyRowFragment, overlapSeconds: number): Promise<NewKey> => {
    const data = await request(RotateApiKeyDocument, { input: { id: key.id, overlapSeconds } });
    const { secret, apiKey } = expectSuccess(data.rotateApiKey, 'RotateApiKeySuccess');
    await refresh();
    return { secret, apiKey, oldWorksUntil: overlapEnd(key, apiKey, overlapSeconds) };
  };

  const update = async (input: UpdateApiKeyInput): Promise<void> => {
    const data = await request(UpdateApiKeyDocument, { input });
    const { apiKey } = expectSuccess(data.updateApiKey, 'UpdateApiKeySuccess');
    await refresh();
    toast.success(`${apiKey.name} saved. The changes take effect within a second.`);
  };

  const revoke = useMutation({
    mutationFn: async (key: KeyRowFragment) => {
      const data = await request(RevokeApiKeyDocument, { input: { id: key.id } });
      return expectSuccess(data.revokeApiKey, 'RevokeApiKeySuccess').apiKey;
    },
    onSuccess: async ({ name }) => {
      toast.success(`${name} revoked. Requests that use it will start to fail within a second.`);
      await refresh();
    },
  });

  return { create, rotate, update, revoke };
}

export type KeyChanges = ReturnType<typeof useKeyChanges>;

/** Computes, in the same way as the server, when the old key stops working: at its own expiry at the latest. */
function overlapEnd(
  { expiresAt }: KeyRowFragment,
  { createdAt }: KeyRowFragment,
  overlapSeconds: number,
): string | null {
  if (overlapSeconds === 0) return null;
  const end = new Date(Date.parse(createdAt) + overlapSeconds * 1_000);
  return expiresAt !== null && new Date(expiresAt) < end ? expiresAt : end.toISOString();
}
