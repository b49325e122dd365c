import type { ReactNode } from 'react';

import { Alert } from './alert.tsx';

/** An error that concerns the form as a whole. Renders an empty live region if there is no error. */
export function FormError({ children }: { children: ReactNode }) {
  return (
    <div role="alert" className="empty:hidden">
      {children != null && children !== false && children !== '' && (
        <Alert tone="danger">{children}</Alert>
      )}
    </div>
  );
}
