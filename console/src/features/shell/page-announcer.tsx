import { useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

/** Tells ears that another page has come, which eyes see. */
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
