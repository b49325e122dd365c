import type { IconSource } from './icon.tsx';

export interface SwitcherOption {
  readonly value: string;
  readonly label: string;
  /** Marks an action, such as "New project". Actions stay visible regardless of the search text. */
  readonly isAction?: boolean;
  readonly icon?: IconSource;
}

export interface SwitcherProps {
  /** The accessible name: "Switch project". */
  readonly label: string;
  readonly options: readonly SwitcherOption[];
  readonly value: string | null;
  readonly onChoose: (value: string) => void;
  readonly onOpen?: () => void;
}

export const switcherClass =
  'grid h-8 w-6 shrink-0 cursor-pointer place-items-center rounded-md text-quiet transition-colors hover:bg-ink/6 hover:text-ink data-popup-open:bg-ink/6 touch:h-11 touch:w-9';
