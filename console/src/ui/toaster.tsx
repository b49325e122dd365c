import { lazy, Suspense, useSyncExternalStore } from 'react';

import { toastNews } from './toast.ts';

const ToastCorner = lazy(() => import('./toast-corner.tsx'));

/** The container for toasts. Render it once, in the root route. */
export function Toaster() {
  const isAnyWanted = useSyncExternalStore(toastNews.subscribe, toastNews.isAnyWanted);
  if (!isAnyWanted) return null;
  return (
    <Suspense fallback={null}>
      <ToastCorner />
    </Suspense>
  );
}
