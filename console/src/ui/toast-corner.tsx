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

const actionDurationMs = 15_000;

function showNews(): void {
  for (const { kind, words, action } of toastNews.take()) {
    if (action === undefined) toast[kind](words);
    else {
      const button = { label: action.label, onClick: action.run };
      toast[kind](words, { action: button, duration: actionDurationMs });
    }
  }
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
