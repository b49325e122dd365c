import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';

import { cn } from './cn.ts';
import { Icon, type IconSource } from './icon.tsx';

interface TabsProps<Value extends string> {
  readonly value: Value;
  readonly onValueChange: (value: Value) => void;
  /** The tab list's accessible name. */
  readonly label: string;
  readonly tabs: readonly {
    readonly value: Value;
    readonly label: ReactNode;
    readonly icon?: IconSource;
    /** A number shown after the label. */
    readonly count?: number;
  }[];
  /** One TabPanel for each tab. */
  readonly children: ReactNode;
  readonly className?: string;
}

/** Tabs with one visible panel. Keep the value in the URL. */
export function Tabs<Value extends string>({
  value,
  onValueChange,
  label,
  tabs,
  children,
  className,
}: TabsProps<Value>) {
  return (
    <Base.Root
      value={value}
      // Base UI passes the value of one of the tabs below.
      onValueChange={(chosen) => onValueChange(chosen as Value)}
      className={cn('flex min-w-0 flex-col gap-5', className)}
    >
      <Base.List
        aria-label={label}
        className="relative flex gap-1 overflow-x-auto shadow-[inset_0_-1px_0_var(--line)]"
      >
        {tabs.map((tab) => (
          <Base.Tab
            key={tab.value}
            value={tab.value}
            className="flex h-9 shrink-0 cursor-pointer items-center gap-2 rounded-t-md border-b-2 border-transparent px-3 font-medium whitespace-nowrap text-quiet -outline-offset-2 transition-colors select-none hover:text-ink data-active:border-accent data-active:text-ink touch:h-11"
          >
            {tab.icon !== undefined && <Icon source={tab.icon} />}
            {tab.label}
            {tab.count !== undefined && (
              <span className="rounded-md bg-ink/6 px-1.5 text-xs leading-5 tabular-nums">
                {tab.count}
              </span>
            )}
          </Base.Tab>
        ))}
      </Base.List>
      {children}
    </Base.Root>
  );
}

interface TabPanelProps {
  readonly value: string;
  readonly children: ReactNode;
  readonly className?: string;
}

interface TabPanelProps {
  readonly value: string;
  readonly children: ReactNode;
  readonly className?: string;
}

export function TabPanel({ value, children, className }: TabPanelProps) {
  return (
    <Base.Panel value={value} className={cn('min-w-0 rounded-md outline-offset-4', className)}>
      {children}
    </Base.Panel>
  );
}
