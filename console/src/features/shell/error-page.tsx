import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { CloudOff, RotateCw, TriangleAlert } from 'lucide-react';

import { explainError, isApiError } from '#console/lib/api/errors.ts';
import { Button } from '#console/ui/button.tsx';
import { EmptyState } from '#console/ui/empty-state.tsx';

/** Stands where a page could not be loaded, with the way to try again. */
export function ErrorPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const queries = useQueryErrorResetBoundary();
  const isOutOfReach = isApiError(error, 'NETWORK');
  const requestId = isApiError(error) ? error.requestId : null;
  const retry = async () => {
    queries.reset();
    await router.invalidate();
    reset();
  };
  return (
    <div role="alert" className="mx-auto w-full max-w-xl px-4 py-16">
      <EmptyState
        icon={isOutOfReach ? <CloudOff /> : <TriangleAlert />}
        title={isOutOfReach ? 'The server is out of reach' : 'This page could not be shown'}
        description={
          <>
            {explainError(error)}
            {requestId !== null && (
              <span className="mt-2 block">
                Request <code className="font-mono break-all">{requestId}</code>
              </span>
            )}
          </>
        }
        action={
          <Button variant="primary" icon={<RotateCw />} onClick={() => void retry()}>
            Try again
          </Button>
        }
      />
    </div>
  );
}
