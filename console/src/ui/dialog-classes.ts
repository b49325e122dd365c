import { cn } from './cn.ts';

export type DialogSize = 'sm' | 'md' | 'lg' | 'xl';

const widths: Record<DialogSize, string> = {
  sm: 'max-w-sm',
  md: 'max-w-lg',
  lg: 'max-w-2xl',
  xl: 'max-w-5xl',
};

export const backdropClass =
  'fixed inset-0 z-40 min-h-dvh bg-black/40 transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0 dark:bg-black/60';

/** Centers the dialog or, on a phone, aligns it with the bottom edge of the screen. */
export const dialogClass = (size: DialogSize): string =>
  cn(
    'fixed top-1/2 left-1/2 z-40 flex max-h-[calc(100dvh-3rem)] w-[calc(100vw-2rem)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-xl border border-line bg-surface text-ink shadow-pop outline-none',
    'max-sm:top-auto max-sm:bottom-0 max-sm:w-screen max-sm:max-w-none max-sm:translate-y-0 max-sm:rounded-b-none',
    'transition-[scale,opacity] duration-150 ease-out data-ending-style:scale-98 data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0',
    widths[size],
  );
