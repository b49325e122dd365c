import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { type ReactNode, useId } from 'react';

import { cn } from './cn.ts';

export interface RadioCardOption<Value extends string = string> {
  readonly value: Value;
  readonly label: ReactNode;
  readonly description?: ReactNode;
  /** Why the option is disabled. */
  readonly disabledReason?: string | null;
}

interface RadioCardsProps<Value extends string> {
  readonly label: ReactNode;
  readonly options: readonly RadioCardOption<Value>[];
  readonly value: Value;
  readonly onValueChange: (value: Value) => void;
  readonly error?: ReactNode;
  /** The number of columns on wide screens. */
  readonly columns?: 1 | 2 | 3;
  readonly className?: string;
}

const grids = { 1: '', 2: 'sm:grid-cols-2', 3: 'sm:grid-cols-3' } as const;

/** A radio group whose options have descriptions. */
export function RadioCards<Value extends string>({
  label,
  options,
  value,
  onValueChange,
  error,
  columns = 1,
  className,
}: RadioCardsProps<Value>) {
  const id = useId();
  const isWrong = error != null && error !== '';
  return (
    <div className={cn('flex flex-col gap-1.5', className)}>
      <span id={id} className="font-medium text-ink">
        {label}
      </span>
      <RadioGroup
        aria-labelledby={id}
        aria-describedby={isWrong ? `${id}-error` : undefined}
        value={value}
        onValueChange={(chosen) => onValueChange(chosen)}
        className={cn('grid gap-2', grids[columns])}
      >
        {options.map((option) => (
          <RadioCard key={option.value} option={option} />
        ))}
      </RadioGroup>
      {isWrong && (
        <p id={`${id}-error`} className="text-[0.8125rem] text-danger">
          {error}
        </p>
      )}
    </div>
  );
}

function RadioCard({ option }: { option: RadioCardOption }) {
  const id = useId();
  const note = option.disabledReason ?? option.description;
  const isOff = option.disabledReason != null;
  return (
    <label
      className={cn(
        'flex min-w-0 items-start gap-3 rounded-lg border border-line bg-surface px-3.5 py-3 transition-colors select-none',
        'has-data-checked:border-accent has-data-checked:bg-accent-soft/40 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent',
        isOff
          ? 'cursor-not-allowed bg-sunken text-quiet'
          : 'cursor-pointer hover:border-line-strong',
      )}
    >
      <Radio.Root
        value={option.value}
        disabled={isOff}
        aria-labelledby={`${id}-label`}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-full border border-line-strong bg-surface outline-none data-checked:border-accent"
      >
        <Radio.Indicator className="size-2 rounded-full bg-accent" />
      </Radio.Root>
      <span className="min-w-0">
        <span id={`${id}-label`} className="block font-medium">
          {option.label}
        </span>
        {note !== undefined && (
          <span id={`${id}-note`} className="block text-[0.8125rem] text-pretty text-quiet">
            {note}
          </span>
        )}
      </span>
    </label>
  );
}
