import type { ComponentProps } from 'react';

import { cn } from './cn.ts';

/** The classes that all text inputs and selects share. */
export const controlClass = cn(
  'w-full min-w-0 rounded-md border border-line-strong bg-surface px-3 text-ink transition-colors',
  'placeholder:text-quiet hover:border-quiet',
  'focus-visible:border-accent focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-accent',
  'aria-invalid:border-danger aria-invalid:focus-visible:outline-danger',
  'disabled:cursor-not-allowed disabled:border-line disabled:bg-sunken disabled:text-quiet',
  // Phones zoom in on a focused field if its text is smaller than 16 px.
  'touch:text-base',
);

/** Not part of `controlClass`, because buttons match `:read-only` as well. */
const readOnlyClass = 'read-only:bg-sunken';

export function Input({ className, type = 'text', ...rest }: ComponentProps<'input'>) {
  return (
    <input
      {...rest}
      type={type}
      className={cn(controlClass, readOnlyClass, 'h-9 touch:h-11', className)}
    />
  );
}

export function Textarea({ className, rows = 4, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      {...rest}
      rows={rows}
      className={cn(controlClass, readOnlyClass, 'py-2', className)}
    />
  );
}
