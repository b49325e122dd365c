import { type ComponentProps, type MouseEvent, useId } from 'react';

import { cn } from './cn.ts';
import { Icon, type IconSource } from './icon.tsx';
import { Spinner } from './spinner.tsx';
import { Tooltip } from './tooltip.tsx';

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger';
export type ButtonSize = 'sm' | 'md';

export interface ButtonProps extends ComponentProps<'button'> {
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
  readonly icon?: IconSource;
  /** Shows a spinner and ignores clicks. The button keeps focus and sets `aria-busy`. */
  readonly isLoading?: boolean;
  /** Why the button is disabled. The button ignores clicks but can be focused, and it shows the reason as a tooltip. */
  readonly disabledReason?: string | null | undefined;
  /** Text shown on hover and focus. `disabledReason` replaces it. */
  readonly tooltip?: string;
}

const variants: Record<ButtonVariant, string> = {
  primary:
    'border-transparent bg-accent text-on-accent shadow-xs hover:bg-accent-strong active:bg-accent-strong',
  secondary:
    'border-line-strong/60 bg-surface text-ink shadow-xs hover:border-line-strong hover:bg-sunken active:bg-line',
  ghost: 'border-transparent bg-transparent text-ink hover:bg-ink/6 active:bg-ink/10',
  danger:
    'border-transparent bg-danger text-on-danger shadow-xs hover:bg-danger-strong active:bg-danger-strong',
};

const sizes: Record<ButtonSize, string> = {
  sm: 'h-8 gap-1.5 px-2.5 text-[0.8125rem] touch:min-h-11 touch:px-3',
  md: 'h-9 gap-2 px-3.5 touch:min-h-11',
};

/** A button's classes, for links that look like buttons. */
export const buttonClass = (variant: ButtonVariant = 'secondary', size: ButtonSize = 'md') =>
  cn(
    'inline-flex shrink-0 cursor-pointer items-center justify-center rounded-md border font-medium whitespace-nowrap transition-colors select-none',
    'disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed',
    sizes[size],
    variants[variant],
  );

/** The style of a button with a `disabledReason`, with readable contrast. */
const offClass =
  'border-line bg-sunken text-quiet shadow-none hover:border-line hover:bg-sunken active:bg-sunken';

const refuse = (event: MouseEvent) => {
  event.preventDefault();
  event.stopPropagation();
};

export function Button({
  variant = 'secondary',
  size = 'md',
  icon,
  isLoading = false,
  disabledReason,
  tooltip,
  type = 'button',
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  const reasonId = useId();
  const reason = disabledReason ?? null;
  const isOff = isLoading || reason !== null;
  const button = (
    <button
      {...rest}
      type={type}
      className={cn(buttonClass(variant, size), reason !== null && offClass, className)}
      onClick={isOff ? refuse : onClick}
      aria-disabled={isOff || rest['aria-disabled']}
      aria-busy={isLoading || undefined}
      aria-describedby={reason === null ? rest['aria-describedby'] : reasonId}
    >
      {isLoading ? <Spinner /> : icon !== undefined && <Icon source={icon} />}
      {children}
    </button>
  );
  // Keep the same element tree when the reason changes to null, so that the button does not lose focus.
  if (disabledReason === undefined && tooltip === undefined) return button;
  return (
    <>
      <Tooltip
        content={reason ?? tooltip}
        isDisabled={reason === null && tooltip === undefined}
        opensOnPress={reason !== null}
      >
        {button}
      </Tooltip>
      {reason !== null && (
        <span id={reasonId} hidden>
          {reason}
        </span>
      )}
    </>
  );
}
