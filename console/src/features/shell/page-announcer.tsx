import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/** Announces the new page's title to screen readers after navigation. */
export function PageAnnouncer() {
  const router = useRouter();
  const [title, setTitle] = useState('');
  useEffect(
    () =>
      router.subscribe('onRendered', ({ hrefChanged, pathChanged }) => {
        if (hrefChanged && pathChanged) setTitle(document.title);
      }),
    [router],
  );
  return (
    <div role="status" className="sr-only">
      {title}
    </div>
  );
}
