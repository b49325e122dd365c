import { lazy, Suspense, useSyncExternalStore } from 'react';

import { toastNews } from './toast.ts';

const ToastCorner = lazy(() => import('./toast-corner.tsx'));

/** Where toasts appear; once, in the root. */
export function Toaster() {
  const isAnyWanted = useSyncExternalStore(toastNews.subscribe, toastNews.isAnyWanted);
  if (!isAnyWanted) return null;
  return (
    <Suspense fallback={null}>
      <ToastCorner />
    </Suspense>
  );
}
