import { Checkbox as Base } from '@base-ui/react/checkbox';
import { Check, Minus } from 'lucide-react';
import { type ReactNode, useId } from 'react';

import { cn } from './cn.ts';

interface CheckboxProps {
  readonly label: ReactNode;
  readonly description?: ReactNode;
  readonly checked: boolean;
  readonly onCheckedChange: (checked: boolean) => void;
  /** Whether only some of the items that the checkbox represents are selected. */
  readonly indeterminate?: boolean;
  readonly disabled?: boolean;
  readonly name?: string;
  /** -1 inside a grid, where the cells receive focus. */
  readonly tabIndex?: number;
  /** Shows the label only to screen readers, for columns of checkboxes. */
  readonly isLabelHidden?: boolean;
  readonly className?: string;
}

export function Checkbox({
  label,
  description,
  isLabelHidden = false,
  className,
  onCheckedChange,
  ...rest
}: CheckboxProps) {
  const descriptionId = useId();
  return (
    <div className={cn('flex flex-col', className)}>
      <label
        className={cn(
          'flex items-start gap-2.5 select-none touch:min-h-11 touch:py-2.5',
          rest.disabled === true ? 'cursor-not-allowed text-quiet' : 'cursor-pointer',
        )}
      >
        <Base.Root
          {...rest}
          onCheckedChange={(checked) => onCheckedChange(checked)}
          aria-describedby={description === undefined ? undefined : descriptionId}
          className={cn(
            'mt-0.5 grid size-4 shrink-0 place-items-center rounded-sm border border-line-strong bg-surface text-on-accent transition-colors',
            'data-checked:border-accent data-checked:bg-accent data-indeterminate:border-accent data-indeterminate:bg-accent',
            'data-disabled:border-line data-disabled:bg-sunken data-disabled:text-quiet',
          )}
        >
          <Base.Indicator className="grid place-items-center">
            {rest.indeterminate === true ? (
              <Minus aria-hidden="true" className="size-3" strokeWidth={3} />
            ) : (
              <Check aria-hidden="true" className="size-3" strokeWidth={3} />
            )}
          </Base.Indicator>
        </Base.Root>
        <span className={cn('min-w-0', isLabelHidden && 'sr-only')}>{label}</span>
      </label>
      {description !== undefined && (
        <p
          id={descriptionId}
          className="pl-6.5 text-[0.8125rem] text-pretty text-quiet touch:-mt-2"
        >
          {description}
        </p>
      )}
    </div>
  );
}
