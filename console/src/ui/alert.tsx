import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';

import { cn } from './cn.ts';

export type AlertTone = 'info' | 'success' | 'warning' | 'danger';

const tones = {
  info: { icon: Info, className: 'border-info/25 bg-info-soft', mark: 'text-info' },
  success: {
    icon: CircleCheck,
    className: 'border-success/25 bg-success-soft',
    mark: 'text-success',
  },
  warning: {
    icon: TriangleAlert,
    className: 'border-warning/25 bg-warning-soft',
    mark: 'text-warning',
  },
  danger: { icon: CircleAlert, className: 'border-danger/25 bg-danger-soft', mark: 'text-danger' },
} as const;

interface AlertProps extends Omit<ComponentProps<'div'>, 'title'> {
  readonly tone?: AlertTone;
  readonly title?: ReactNode;
  readonly actions?: ReactNode;
}

/** A message in the page. Set `role="alert"` or `role="status"` if it appears after the page has loaded. */
export function Alert({ tone = 'info', title, actions, children, className, ...rest }: AlertProps) {
  const { icon: Mark, className: toneClass, mark } = tones[tone];
  return (
    <div
      {...rest}
      className={cn('flex gap-2.5 rounded-lg border px-3.5 py-3 text-ink', toneClass, className)}
    >
      <Mark aria-hidden="true" className={cn('mt-0.5 size-4 shrink-0', mark)} />
      <div className="flex min-w-0 flex-1 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 wrap-anywhere">
          {title !== undefined && <p className="font-semibold">{title}</p>}
          {children}
        </div>
        {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
