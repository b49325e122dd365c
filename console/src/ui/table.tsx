import type { ComponentProps } from 'react';

import { cn } from './cn.ts';

interface TableProps extends ComponentProps<'table'> {
  /** The accessible name of the table and its scrollable region. */
  readonly label: string;
}

/** A table in a frame that scrolls horizontally. */
export function Table({ label, className, ...rest }: TableProps) {
  return (
    <div
      role="region"
      aria-label={label}
      // A scrollable region must be reachable by keyboard.
      tabIndex={0}
      className="relative min-w-0 overflow-x-auto rounded-lg border border-line bg-surface shadow-xs -outline-offset-2"
    >
      <table
        {...rest}
        aria-label={label}
        className={cn('w-full border-collapse text-left', className)}
      />
    </div>
  );
}

export function THead({ className, ...rest }: ComponentProps<'thead'>) {
  return (
    <thead
      {...rest}
      className={cn('border-b border-line bg-sunken/60 text-xs text-quiet', className)}
    />
  );
}

export function TBody({ className, ...rest }: ComponentProps<'tbody'>) {
  return <tbody {...rest} className={cn('divide-y divide-line', className)} />;
}

export function TRow({ className, ...rest }: ComponentProps<'tr'>) {
  return <tr {...rest} className={cn('transition-colors in-[tbody]:hover:bg-ink/3', className)} />;
}

export function TH({ className, scope = 'col', ...rest }: ComponentProps<'th'>) {
  return (
    <th
      {...rest}
      scope={scope}
      className={cn(
        'px-4 py-2 font-medium whitespace-nowrap in-[tbody]:py-3 in-[tbody]:text-ink',
        className,
      )}
    />
  );
}

export function TD({ className, ...rest }: ComponentProps<'td'>) {
  return <td {...rest} className={cn('px-4 py-3 align-middle', className)} />;
}

/** A row's actions. They stay visible on a phone while the table scrolls. */
export function TDActions({ className, ...rest }: ComponentProps<'td'>) {
  return (
    <td
      {...rest}
      className={cn(
        'w-px px-4 py-3 text-right align-middle whitespace-nowrap max-sm:sticky max-sm:right-0 max-sm:bg-surface max-sm:px-2',
        className,
      )}
    />
  );
}
