import type { ReactNode } from 'react';

import { Alert } from './alert.tsx';

/** An error message for a whole form. Without an error, this is an empty live region. */
export function FormError({ children }: { children: ReactNode }) {
  return (
    <div role="alert" className="empty:hidden">
      {children != null && children !== false && children !== '' && (
        <Alert tone="danger">{children}</Alert>
      )}
    </div>
  );
}
