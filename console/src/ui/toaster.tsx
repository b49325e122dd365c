import type { CSSProperties } from 'react';
import { Toaster as Base } from 'sonner';

const style = {
  '--normal-bg': 'var(--surface)',
  '--normal-text': 'var(--ink)',
  '--normal-border': 'var(--line)',
  '--border-radius': '0.5rem',
  // React's type knows no custom properties.
} as CSSProperties;

/** Where toasts appear; once, in the root. */
export function Toaster() {
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
