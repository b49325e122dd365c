import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import type { Ref } from 'react';

import { cn } from './cn.ts';
import type { FieldControl } from './field.tsx';
import { controlClass } from './input.tsx';
import { optionClass, popupClass } from './popup.ts';

export interface SelectOption<Value extends string = string> {
  readonly value: Value;
  readonly label: string;
  readonly description?: string;
  /** Why the option is disabled. Replaces the description. */
  readonly disabledReason?: string | null;
}

interface SelectProps<Value extends string> extends Partial<FieldControl> {
  readonly options: readonly SelectOption<Value>[];
  readonly value: Value | null;
  readonly onValueChange: (value: Value) => void;
  /** Called when the list opens or closes. */
  readonly onOpenChange?: ((isOpen: boolean) => void) | undefined;
  /** The accessible name, if it is not inside a Field. */
  readonly label?: string;
  readonly placeholder?: string;
  readonly size?: 'sm' | 'md';
  readonly disabled?: boolean;
  readonly className?: string;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** Selects one of a few options. */
export function Select<Value extends string>({
  options,
  value,
  onValueChange,
  onOpenChange,
  label,
  placeholder = 'Choose…',
  size = 'md',
  disabled = false,
  className,
  id,
  ref,
  ...described
}: SelectProps<Value>) {
  return (
    <Base.Root<Value>
      items={options}
      value={value}
      disabled={disabled}
      modal={false}
      onOpenChange={(isOpen) => onOpenChange?.(isOpen)}
      onValueChange={(chosen) => {
        if (chosen !== null) onValueChange(chosen);
      }}
    >
      <Base.Trigger
        {...described}
        ref={ref}
        id={id}
        aria-label={label}
        className={cn(
          controlClass,
          'flex cursor-pointer items-center justify-between gap-2 text-left select-none',
          size === 'md' ? 'h-9 touch:h-11' : 'h-8 px-2.5 text-[0.8125rem] touch:h-11',
          'data-popup-open:border-accent data-disabled:cursor-not-allowed data-disabled:border-line data-disabled:bg-sunken data-disabled:text-quiet',
          className,
        )}
      >
        <Base.Value
          className="min-w-0 truncate data-placeholder:text-quiet"
          placeholder={placeholder}
        />
        <Base.Icon className="shrink-0 text-quiet">
          <ChevronsUpDown aria-hidden="true" className="size-4" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner alignItemWithTrigger={false} sideOffset={4} className="z-50 outline-none">
          <Base.Popup
            className={cn(
              popupClass,
              'max-h-[min(24rem,var(--available-height))] min-w-(--anchor-width) max-w-[min(24rem,var(--available-width))] overflow-y-auto p-1',
            )}
          >
            {options.map((option) => (
              <Option key={option.value} option={option} />
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Option({ option }: { option: SelectOption }) {
  const note = option.disabledReason ?? option.description;
  return (
    <Base.Item
      value={option.value}
      label={option.label}
      disabled={option.disabledReason != null}
      className={cn(optionClass, 'items-start')}
    >
      <span className="min-w-0 flex-1">
        <Base.ItemText className="block wrap-anywhere">{option.label}</Base.ItemText>
        {note !== undefined && (
          <span className="block text-[0.8125rem] text-pretty text-quiet">{note}</span>
        )}
      </span>
      <span className="mt-0.5 size-4 shrink-0 text-accent">
        <Base.ItemIndicator>
          <Check aria-hidden="true" className="size-4" />
        </Base.ItemIndicator>
      </span>
    </Base.Item>
  );
}
