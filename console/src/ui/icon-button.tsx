import { Button, type ButtonProps } from './button.tsx';
import { cn } from './cn.ts';
import type { IconSource } from './icon.tsx';

export interface IconButtonProps extends Omit<
  ButtonProps,
  'icon' | 'children' | 'aria-label' | 'tooltip'
> {
  /** The accessible name and the tooltip. */
  readonly label: string;
  readonly icon: IconSource;
}

/** A square button that shows only an icon. */
export function IconButton({
  label,
  icon,
  variant = 'ghost',
  size = 'md',
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Button
      {...rest}
      variant={variant}
      size={size}
      icon={icon}
      aria-label={label}
      tooltip={label}
      className={cn('px-0 touch:px-0', size === 'md' ? 'w-9' : 'w-8', 'touch:min-w-11', className)}
    />
  );
}
