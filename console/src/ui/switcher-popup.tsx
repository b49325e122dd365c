import { Combobox as Base } from '@base-ui/react/combobox';
import { Check, ChevronsUpDown, Search } from 'lucide-react';

import { cn } from './cn.ts';
import { Icon } from './icon.tsx';
import { optionClass, popupClass } from './popup.ts';
import { switcherClass, type SwitcherOption, type SwitcherProps } from './switcher-parts.ts';

/**
 * The combobox that replaces the button of `Switcher` on first use. This is a default export because `lazy` requires
 * one.
 */
export default function SwitcherPopup({ label, options, value, onChoose, onOpen }: SwitcherProps) {
  const current = options.find((option) => option.value === value) ?? null;
  return (
    <Base.Root
      items={options}
      value={current}
      isItemEqualToValue={(item, chosen) => item.value === chosen.value}
      filter={({ label: text, isAction }, query) =>
        isAction === true || text.toLowerCase().includes(query.trim().toLowerCase())
      }
      autoHighlight
      defaultOpen
      onOpenChange={(isOpen) => {
        if (isOpen) onOpen?.();
      }}
      onValueChange={(option) => {
        if (option !== null && option.value !== value) onChoose(option.value);
      }}
    >
      <Base.Trigger aria-label={label} className={switcherClass}>
        <ChevronsUpDown aria-hidden="true" className="size-4" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner align="start" sideOffset={6} collisionPadding={8} className="z-50">
          <Base.Popup
            aria-label={label}
            className={cn(popupClass, 'w-72 max-w-(--available-width) overflow-hidden')}
          >
            <div className="flex items-center gap-2 border-b border-line px-3 focus-within:border-accent">
              <Search aria-hidden="true" className="size-4 shrink-0 text-quiet" />
              <Base.Input
                aria-label={label}
                placeholder="Search…"
                className="h-10 min-w-0 flex-1 bg-transparent outline-none placeholder:text-quiet touch:h-11 touch:text-base"
              />
            </div>
            <Base.List className="max-h-[min(22rem,var(--available-height))] scroll-py-1 overflow-y-auto overscroll-contain p-1 outline-none">
              {(option: SwitcherOption) => <Option key={option.value} option={option} />}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Option({ option }: { option: SwitcherOption }) {
  return (
    <Base.Item
      value={option}
      className={cn(optionClass, option.isAction === true && 'font-medium text-accent')}
    >
      {option.icon !== undefined && <Icon source={option.icon} />}
      <span className="min-w-0 flex-1 truncate">{option.label}</span>
      <Base.ItemIndicator className="text-accent">
        <Check aria-hidden="true" className="size-4" />
      </Base.ItemIndicator>
    </Base.Item>
  );
}
