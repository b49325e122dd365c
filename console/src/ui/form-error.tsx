import type { ReactNode } from 'react';

import { Alert } from './alert.tsx';

/** Why a form was not taken, where that is no single field's fault; nothing while there is nothing. */
export function FormError({ children }: { children: ReactNode }) {
  return (
    <div role="alert" className="empty:hidden">
      {children != null && children !== false && children !== '' && (
        <Alert tone="danger">{children}</Alert>
      )}
    </div>
  );
}
