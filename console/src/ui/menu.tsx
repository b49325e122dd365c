import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import { type ReactElement, type ReactNode, useId } from 'react';

import { cn } from './cn.ts';
import { Icon, type IconSource } from './icon.tsx';
import { optionClass, popupClass } from './popup.ts';

interface MenuProps {
  /** The button that opens the menu. */
  readonly trigger: ReactElement;
  readonly children: ReactNode;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  readonly align?: 'start' | 'center' | 'end';
  readonly className?: string;
  /** Opens the menu when it mounts, for menus that are loaded on first use. */
  readonly defaultOpen?: boolean;
}

export function Menu({
  trigger,
  children,
  side = 'bottom',
  align = 'end',
  className,
  defaultOpen = false,
}: MenuProps) {
  return (
    <Base.Root modal={false} defaultOpen={defaultOpen}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner
          side={side}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 outline-none"
        >
          <Base.Popup
            className={cn(
              popupClass,
              'max-h-(--available-height) max-w-80 min-w-44 overflow-y-auto p-1',
              className,
            )}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

interface MenuItemProps {
  readonly icon?: IconSource;
  readonly children: ReactNode;
  readonly onSelect?: () => void;
  readonly tone?: 'neutral' | 'danger';
  /** Why the item is disabled. The reason is shown below the label. */
  readonly disabledReason?: string | null | undefined;
  /** Renders the item as a link: `render={<Link to="…" />}`. */
  readonly render?: ReactElement;
}

export function MenuItem({
  icon,
  children,
  onSelect,
  tone = 'neutral',
  disabledReason,
  render,
}: MenuItemProps) {
  const reasonId = useId();
  const reason = disabledReason ?? null;
  const className = cn(
    optionClass,
    tone === 'danger' && reason === null && 'text-danger data-highlighted:bg-danger-soft',
  );
  const content = (
    <>
      {icon !== undefined && <Icon source={icon} className="size-4 opacity-80" />}
      <span className="min-w-0 flex-1 wrap-anywhere">
        {children}
        {reason !== null && (
          <span id={reasonId} className="block text-xs text-pretty">
            {reason}
          </span>
        )}
      </span>
    </>
  );
  if (render !== undefined && reason === null) {
    return (
      <Base.LinkItem render={render} closeOnClick className={className} onClick={onSelect}>
        {content}
      </Base.LinkItem>
    );
  }
  return (
    <Base.Item
      className={className}
      disabled={reason !== null}
      aria-describedby={reason === null ? undefined : reasonId}
      onClick={onSelect}
    >
      {content}
    </Base.Item>
  );
}

interface MenuChoiceProps<Value extends string> {
  readonly label: string;
  readonly options: readonly { value: Value; label: string; icon?: IconSource }[];
  readonly value: Value;
  readonly onValueChange: (value: Value) => void;
}

/** A radio group inside a menu, with a check mark next to the selected option. */
export function MenuChoice<Value extends string>({
  label,
  options,
  value,
  onValueChange,
}: MenuChoiceProps<Value>) {
  return (
    <Base.RadioGroup
      aria-label={label}
      value={value}
      // Base UI passes the value of one of the options below.
      onValueChange={(chosen) => onValueChange(chosen as Value)}
    >
      {options.map((option) => (
        <Base.RadioItem key={option.value} value={option.value} className={optionClass}>
          {option.icon !== undefined && <Icon source={option.icon} className="size-4 opacity-80" />}
          <span className="min-w-0 flex-1 truncate">{option.label}</span>
          <Base.RadioItemIndicator className="text-accent">
            <Check aria-hidden="true" className="size-4" />
          </Base.RadioItemIndicator>
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  );
}

export function MenuSeparator() {
  return <Base.Separator className="-mx-1 my-1 h-px bg-line" />;
}

/** A group of menu items with a heading. */
export function MenuGroup({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-2.5 pt-1.5 pb-1 text-xs font-medium text-quiet">
        {label}
      </Base.GroupLabel>
      {children}
    </Base.Group>
  );
}
