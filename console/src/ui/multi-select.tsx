import { Select as Base } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import type { Ref } from 'react';

import { cn } from './cn.ts';
import type { FieldControl } from './field.tsx';
import { controlClass } from './input.tsx';
import { optionClass, popupClass } from './popup.ts';

interface MultiSelectProps extends Partial<FieldControl> {
  readonly options: readonly string[];
  /** The chosen options, in the order in which they were chosen. */
  readonly value: readonly string[];
  readonly onValueChange: (value: readonly string[]) => void;
  /** Called when the list opens or closes. */
  readonly onOpenChange?: ((isOpen: boolean) => void) | undefined;
  /** Shown if nothing is chosen. */
  readonly placeholder: string;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** Selects any number of options. */
export function MultiSelect({
  options,
  value,
  onValueChange,
  onOpenChange,
  placeholder,
  id,
  ref,
  ...described
}: MultiSelectProps) {
  return (
    <Base.Root<string, true>
      multiple
      value={value}
      modal={false}
      onOpenChange={(isOpen) => onOpenChange?.(isOpen)}
      onValueChange={onValueChange}
    >
      <Base.Trigger
        {...described}
        ref={ref}
        id={id}
        className={cn(
          controlClass,
          'flex min-h-9 cursor-pointer items-center justify-between gap-2 py-1.5 text-left select-none touch:min-h-11',
          'data-popup-open:border-accent',
        )}
      >
        <Base.Value className="flex min-w-0 flex-wrap gap-1">
          {(chosen: readonly string[]) =>
            chosen.length === 0 ? (
              <span className="text-quiet">{placeholder}</span>
            ) : (
              chosen.map((each) => (
                <span
                  key={each}
                  className="rounded-sm border border-line bg-sunken px-1.5 text-[0.8125rem] wrap-anywhere"
                >
                  {each}
                </span>
              ))
            )
          }
        </Base.Value>
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
              <Base.Item key={option} value={option} className={optionClass}>
                <span className="grid size-4 shrink-0 place-items-center rounded-sm border border-line-strong text-accent">
                  <Base.ItemIndicator>
                    <Check aria-hidden="true" className="size-3" strokeWidth={3} />
                  </Base.ItemIndicator>
                </span>
                <Base.ItemText className="min-w-0 flex-1 wrap-anywhere">{option}</Base.ItemText>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
