import { Dialog } from '@base-ui/react/dialog';
import { Command } from 'cmdk';
import { type RefObject, useRef } from 'react';

import { cn } from '#console/ui/cn.ts';
import { backdropClass } from '#console/ui/dialog-classes.ts';
import { Icon } from '#console/ui/icon.tsx';

import { type CommandGroup, useCommands } from './use-commands.ts';
import type { Scope } from './use-scope.ts';

interface PaletteProps {
  readonly scope: Scope;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

export default function Palette({ scope, isOpen, onOpenChange }: PaletteProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => onOpenChange(open)}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdropClass} />
        <Dialog.Popup
          initialFocus={input}
          className="fixed top-[12vh] left-1/2 z-40 flex max-h-[70vh] w-[calc(100vw-2rem)] max-w-xl -translate-x-1/2 flex-col overflow-hidden rounded-xl border border-line bg-surface text-ink shadow-pop outline-none transition-[scale,opacity] duration-100 data-ending-style:scale-98 data-ending-style:opacity-0 data-starting-style:scale-98 data-starting-style:opacity-0"
        >
          <Dialog.Title className="sr-only">Go to</Dialog.Title>
          <Commands scope={scope} input={input} onDone={() => onOpenChange(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Scores a command: all search words must occur in its keywords, and matches at the start rank first. */
function closeness(_id: string, search: string, keywords: readonly string[] = []): number {
  const own = keywords.join(' ').toLowerCase();
  const words = search.toLowerCase().trim().split(/\s+/);
  if (!words.every((word) => own.includes(word))) return 0;
  return own.startsWith(words[0] ?? '')
    ? 1
    : words.every((word) => ` ${own}`.includes(` ${word}`))
      ? 0.8
      : 0.5;
}

interface CommandsProps {
  readonly scope: Scope;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly onDone: () => void;
}

/** A separate component inside the popup, so that closing the popup resets the search text. */
function Commands({ scope, input, onDone }: CommandsProps) {
  const groups = useCommands(scope);
  return (
    <Command label="Go to" loop filter={closeness} className="flex min-h-0 flex-col">
      <Command.Input
        ref={input}
        placeholder="Search pages, models, projects, organizations and actions"
        className="h-13 shrink-0 border-b border-line bg-transparent px-5 text-[0.9375rem] outline-none placeholder:text-quiet touch:text-base"
      />
      <Command.List className="min-h-0 flex-1 scroll-py-2 overflow-y-auto overscroll-contain p-2">
        <Command.Empty className="px-3 py-8 text-center text-quiet">No results.</Command.Empty>
        {groups.map((group) => (
          <Group key={group.label} group={group} onDone={onDone} />
        ))}
      </Command.List>
    </Command>
  );
}

function Group({ group, onDone }: { group: CommandGroup; onDone: () => void }) {
  return (
    <Command.Group
      heading={group.label}
      className="mb-1 [&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-quiet"
    >
      {group.commands.map(({ id, label, icon, words = [], run }) => (
        <Command.Item
          key={id}
          value={id}
          keywords={[label, group.label, ...words]}
          className={cn(
            'flex h-9.5 cursor-pointer items-center gap-3 rounded-md px-2.5 select-none touch:h-11',
            'data-[selected=true]:bg-accent-soft data-[selected=true]:text-accent',
          )}
          onSelect={() => {
            onDone();
            run();
          }}
        >
          <Icon source={icon} className="size-4 opacity-80" />
          <span className="min-w-0 truncate">{label}</span>
        </Command.Item>
      ))}
    </Command.Group>
  );
}
