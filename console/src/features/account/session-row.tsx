import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Monitor, Smartphone, SquareTerminal } from 'lucide-react';

import { RevokeSessionDocument } from '#console/gql/graphql.ts';
import { explainError, isApiError } from '#console/lib/api/errors.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { Badge } from '#console/ui/badge.tsx';
import { Button } from '#console/ui/button.tsx';
import { Time } from '#console/ui/time.tsx';
import { toast } from '#console/ui/toast.ts';

import { userSessionsQuery, type UserSession } from './account.queries.ts';
import { deviceOf } from './device.ts';

const icons = { computer: Monitor, phone: Smartphone, program: SquareTerminal } as const;

export function SessionRow({ userSession }: { userSession: UserSession }) {
  const { id, userAgent, ipAddress, lastUsedAt, createdAt, current } = userSession;
  const device = deviceOf(userAgent);
  const Icon = icons[device.kind];
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3 first:pt-0 last:pb-0">
      <Icon aria-hidden="true" className="size-5 shrink-0 text-quiet" />
      <div className="min-w-48 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium wrap-anywhere">
          {device.name}
          {current && <Badge tone="accent">This device</Badge>}
        </p>
        <p className="text-[0.8125rem] text-quiet">
          {ipAddress !== null && (
            <>
              <span className="font-mono text-xs wrap-anywhere">{ipAddress}</span>
              {' · '}
            </>
          )}
          last used <Time value={lastUsedAt} /> · signed in <Time value={createdAt} />
        </p>
      </div>
      {!current && <Revoke id={id} name={device.name} />}
    </li>
  );
}

function Revoke({ id, name }: { id: string; name: string }) {
  const queryClient = useQueryClient();
  const revoke = useMutation({
    mutationFn: async () => {
      const data = await request(RevokeSessionDocument, { input: { id } });
      expectSuccess(data.revokeSession, 'RevokeSessionSuccess');
    },
    onSuccess: () => toast.success(`${name} was signed out.`),
    onError: (error) => {
      // The session has already ended. The refreshed list no longer shows it.
      if (!isApiError(error, 'NOT_FOUND')) toast.error(explainError(error));
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: userSessionsQuery.queryKey }),
  });
  return (
    <Button
      size="sm"
      aria-label={`Sign out ${name}`}
      isLoading={revoke.isPending}
      onClick={() => revoke.mutate()}
    >
      Sign out
    </Button>
  );
}
