import { useEffect, useRef, type ReactNode } from 'react';

import { Alert } from './alert.tsx';

/**
 * An error message for a whole form. Without an error, this is an empty live region. In a long form or dialog, it
 * scrolls into view, because the button that was pressed can be far from it.
 */
export function FormError({ children }: { children: ReactNode }) {
  const region = useRef<HTMLDivElement>(null);
  const isShown = children != null && children !== false && children !== '';
  useEffect(() => {
    if (isShown) region.current?.scrollIntoView({ block: 'nearest' });
  }, [isShown]);
  return (
    <div ref={region} role="alert" className="scroll-mb-20 empty:hidden">
      {isShown && <Alert tone="danger">{children}</Alert>}
    </div>
  );
}
