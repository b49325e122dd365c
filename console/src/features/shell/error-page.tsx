import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { RotateCw } from 'lucide-react';
import { useEffect, useEffectEvent } from 'react';

import { explainError, isApiError } from '#console/lib/api/errors.ts';
import { Button } from '#console/ui/button.tsx';
import { Page } from '#console/ui/page.tsx';

/** The time between two attempts to reach the server. */
const pauseMs = 5_000;

/**
 * Shown when a page could not be loaded, with a button to try again. If the server cannot be reached, the page tries
 * again by itself.
 */
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
  const retryAlone = useEffectEvent(() => {
    if (!router.state.isLoading) void retry();
  });
  useEffect(() => {
    if (!isOutOfReach) return;
    const timer = setInterval(retryAlone, pauseMs);
    // The browser has a network connection again.
    addEventListener('online', retryAlone);
    return () => {
      clearInterval(timer);
      removeEventListener('online', retryAlone);
    };
  }, [isOutOfReach]);
  return (
    <Page
      title={isOutOfReach ? 'Server unreachable' : 'This page could not be loaded'}
      width="narrow"
    >
      <div role="alert" className="space-y-1">
        <p>{explainError(error)}</p>
        {isOutOfReach && <p>The console tries again every {pauseMs / 1000} seconds.</p>}
        {requestId !== null && (
          <p className="text-quiet">
            If you report this problem, include the request ID:{' '}
            <code className="font-mono text-[0.8125rem] break-all">{requestId}</code>
          </p>
        )}
      </div>
      <div>
        <Button variant="primary" icon={RotateCw} onClick={() => void retry()}>
          Try again
        </Button>
      </div>
    </Page>
  );
}
