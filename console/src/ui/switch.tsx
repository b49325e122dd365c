import { Switch as Base } from '@base-ui/react/switch';
import { type ReactNode, useId } from 'react';

import { cn } from './cn.ts';

interface SwitchProps {
  readonly label: ReactNode;
  readonly description?: ReactNode;
  readonly checked: boolean;
  readonly onCheckedChange: (checked: boolean) => void;
  readonly disabled?: boolean;
  readonly className?: string;
}

/** On or off, at once; in a form that is sent, a Checkbox. */
export function Switch({ label, description, className, onCheckedChange, ...rest }: SwitchProps) {
  const id = useId();
  return (
    <label
      className={cn(
        'flex items-start justify-between gap-4 select-none touch:min-h-11',
        rest.disabled === true ? 'cursor-not-allowed text-quiet' : 'cursor-pointer',
        className,
      )}
    >
      <span className="min-w-0">
        <span id={`${id}-label`} className="block font-medium">
          {label}
        </span>
        {description !== undefined && (
          <span id={`${id}-note`} className="block text-[0.8125rem] text-pretty text-quiet">
            {description}
          </span>
        )}
      </span>
      <Base.Root
        {...rest}
        aria-labelledby={`${id}-label`}
        aria-describedby={description === undefined ? undefined : `${id}-note`}
        onCheckedChange={(checked) => onCheckedChange(checked)}
        className="mt-0.5 flex h-5 w-9 shrink-0 rounded-full border border-line-strong bg-sunken p-0.5 transition-colors data-checked:border-accent data-checked:bg-accent data-disabled:opacity-60"
      >
        <Base.Thumb className="size-3.5 rounded-full bg-quiet transition-[translate,background-color] data-checked:translate-x-4 data-checked:bg-on-accent" />
      </Base.Root>
    </label>
  );
}
