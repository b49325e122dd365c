import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';

import { cn } from './cn.ts';
import { Icon, type IconSource } from './icon.tsx';

interface SegmentedProps<Value extends string> {
  /** The group's accessible name. */
  readonly label: string;
  readonly options: readonly { value: Value; label: string; icon?: IconSource }[];
  readonly value: Value;
  readonly onValueChange: (value: Value) => void;
  /** Shows only icons. The labels become their accessible names. */
  readonly isIconOnly?: boolean;
  readonly className?: string;
}

/** A radio group for two to four options that are all visible, such as a view or a time span. */
export function Segmented<Value extends string>({
  label,
  options,
  value,
  onValueChange,
  isIconOnly = false,
  className,
}: SegmentedProps<Value>) {
  return (
    <RadioGroup
      aria-label={label}
      value={value}
      onValueChange={(chosen) => onValueChange(chosen)}
      className={cn(
        'inline-flex w-fit max-w-full gap-0.5 rounded-lg border border-line bg-sunken p-0.5',
        className,
      )}
    >
      {options.map((option) => (
        <Radio.Root
          key={option.value}
          value={option.value}
          aria-label={option.label}
          className={cn(
            'inline-flex h-7 min-w-0 cursor-pointer items-center justify-center gap-1.5 rounded-md border border-transparent px-2.5 text-[0.8125rem] font-medium whitespace-nowrap text-quiet transition-colors select-none touch:h-10',
            'hover:text-ink data-checked:border-line data-checked:bg-surface data-checked:text-ink data-checked:shadow-xs',
          )}
        >
          {option.icon !== undefined && <Icon source={option.icon} />}
          {!isIconOnly && option.label}
        </Radio.Root>
      ))}
    </RadioGroup>
  );
}
