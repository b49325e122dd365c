import { Combobox as Base } from '@base-ui/react/combobox';
import { Check, ChevronsUpDown, X } from 'lucide-react';
import type { Ref } from 'react';

import { cn } from './cn.ts';
import type { FieldControl } from './field.tsx';
import { controlClass } from './input.tsx';
import { optionClass, popupClass } from './popup.ts';

export interface ComboboxOption<Value extends string = string> {
  readonly value: Value;
  readonly label: string;
  readonly description?: string;
}

interface ComboboxProps<Value extends string> extends Partial<FieldControl> {
  readonly options: readonly ComboboxOption<Value>[];
  readonly value: Value | null;
  /** Called with null when the value is cleared. */
  readonly onValueChange: (value: Value | null) => void;
  /** Called when the list opens or closes. */
  readonly onOpenChange?: ((isOpen: boolean) => void) | undefined;
  /** The accessible name, if it is not inside a Field. */
  readonly label?: string;
  readonly placeholder?: string;
  readonly emptyText?: string;
  readonly isClearable?: boolean;
  /** If set, the caller filters the options, and the component shows all `options` that it receives. */
  readonly onInputValueChange?: (text: string) => void;
  readonly disabled?: boolean;
  readonly className?: string;
  readonly inputRef?: Ref<HTMLInputElement> | undefined;
}

const affixClass =
  'grid h-full w-7 cursor-pointer place-items-center text-quiet hover:text-ink touch:w-9';

/** Selects one of many options with text search. */
export function Combobox<Value extends string>({
  options,
  value,
  onValueChange,
  onOpenChange,
  label,
  placeholder = 'Search…',
  emptyText = 'No results.',
  isClearable = false,
  onInputValueChange,
  disabled = false,
  className,
  inputRef,
  ...control
}: ComboboxProps<Value>) {
  const selected = options.find((option) => option.value === value) ?? null;
  return (
    <Base.Root
      items={options}
      value={selected}
      disabled={disabled}
      isItemEqualToValue={(item, chosen) => item.value === chosen.value}
      onValueChange={(option) => onValueChange(option?.value ?? null)}
      onOpenChange={(isOpen) => onOpenChange?.(isOpen)}
      {...(onInputValueChange !== undefined && { filter: null, onInputValueChange })}
    >
      <Base.InputGroup className={cn('relative', className)}>
        <Base.Input
          {...control}
          ref={inputRef}
          aria-label={label}
          placeholder={placeholder}
          className={cn(controlClass, 'h-9 touch:h-11', isClearable ? 'pr-16' : 'pr-9')}
        />
        <div className="absolute inset-y-0 right-1 flex">
          {isClearable && (
            <Base.Clear aria-label="Clear" className={affixClass}>
              <X aria-hidden="true" className="size-4" />
            </Base.Clear>
          )}
          <Base.Trigger aria-label="Show all" className={affixClass}>
            <ChevronsUpDown aria-hidden="true" className="size-4" />
          </Base.Trigger>
        </div>
      </Base.InputGroup>
      <Base.Portal>
        <Base.Positioner sideOffset={4} className="z-50 outline-none">
          <Base.Popup
            className={cn(
              popupClass,
              'w-(--anchor-width) max-w-(--available-width) overflow-hidden',
            )}
          >
            <Base.Empty className="px-3.5 py-3 text-quiet empty:hidden">{emptyText}</Base.Empty>
            <Base.List className="max-h-[min(20rem,var(--available-height))] scroll-py-1 overflow-y-auto overscroll-contain p-1 outline-none data-empty:p-0">
              {(option: ComboboxOption<Value>) => <Option key={option.value} option={option} />}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Option({ option }: { option: ComboboxOption }) {
  return (
    <Base.Item value={option} className={cn(optionClass, 'items-start')}>
      <span className="min-w-0 flex-1">
        <span className="block wrap-anywhere">{option.label}</span>
        {option.description !== undefined && (
          <span className="block text-[0.8125rem] text-quiet">{option.description}</span>
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
