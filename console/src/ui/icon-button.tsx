import { Button, type ButtonProps } from './button.tsx';
import { cn } from './cn.ts';
import type { IconSource } from './icon.tsx';
import { Tooltip } from './tooltip.tsx';

export interface IconButtonProps extends Omit<ButtonProps, 'icon' | 'children' | 'aria-label'> {
  /** Its name, and what the tooltip says. */
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
  const button = (
    <Button
      {...rest}
      variant={variant}
      size={size}
      icon={icon}
      aria-label={label}
      className={cn('px-0 touch:px-0', size === 'md' ? 'w-9' : 'w-8', 'touch:min-w-11', className)}
    />
  );
  // A reason brings a tooltip of its own.
  if (rest.disabledReason != null) return button;
  return <Tooltip content={label}>{button}</Tooltip>;
}
