import type { ComponentProps } from 'react';

import { cn } from './cn.ts';

export type BadgeTone = 'neutral' | 'accent' | 'success' | 'warning' | 'danger' | 'info';

const tones: Record<BadgeTone, string> = {
  neutral: 'border-line bg-sunken text-quiet',
  accent: 'border-accent/20 bg-accent-soft text-accent',
  success: 'border-success/20 bg-success-soft text-success',
  warning: 'border-warning/20 bg-warning-soft text-warning',
  danger: 'border-danger/20 bg-danger-soft text-danger',
  info: 'border-info/20 bg-info-soft text-info',
};

interface BadgeProps extends ComponentProps<'span'> {
  readonly tone?: BadgeTone;
}

/** A short label, such as a status or a role. */
export function Badge({ tone = 'neutral', className, ...rest }: BadgeProps) {
  return (
    <span
      {...rest}
      className={cn(
        'inline-flex w-fit shrink-0 items-center gap-1 rounded-md border px-1.5 text-xs leading-5 font-medium whitespace-nowrap',
        tones[tone],
        className,
      )}
    />
  );
}
