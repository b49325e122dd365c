import { type CSSProperties, useEffect } from 'react';
import { Toaster as Base, toast } from 'sonner';

import { toastNews } from './toast.ts';

const style = {
  '--normal-bg': 'var(--surface)',
  '--normal-text': 'var(--ink)',
  '--normal-border': 'var(--line)',
  '--border-radius': '0.5rem',
  // React's type does not include custom properties.
} as CSSProperties;

function showNews(): void {
  for (const { kind, words } of toastNews.take()) toast[kind](words);
}

/** Shows queued and future toasts. This is a default export because `lazy` requires one. */
export default function ToastCorner() {
  useEffect(() => {
    showNews();
    return toastNews.subscribe(showNews);
  }, []);
  return (
    <Base
      position="bottom-right"
      gap={8}
      style={style}
      toastOptions={{
        classNames: {
          toast: 'font-sans! text-sm! shadow-pop!',
          description: 'text-quiet!',
          success: '[&_[data-icon]]:text-success',
          error: '[&_[data-icon]]:text-danger',
          warning: '[&_[data-icon]]:text-warning',
          info: '[&_[data-icon]]:text-info',
          actionButton: 'bg-accent! text-on-accent!',
        },
      }}
    />
  );
}
