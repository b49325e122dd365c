import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';

import { backdropClass } from '#console/ui/dialog-classes.ts';
import { IconButton } from '#console/ui/icon-button.tsx';
import { Logo } from '#console/ui/logo.tsx';

import { Navigation } from './navigation.tsx';
import type { Scope } from './use-scope.ts';

interface NavigationSheetProps {
  readonly scope: Scope;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** The content of `NavigationDrawer`. This is a default export because `lazy` requires one. */
export default function NavigationSheet({ scope, isOpen, onOpenChange }: NavigationSheetProps) {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => onOpenChange(open)}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdropClass} />
        <Dialog.Popup className="fixed inset-y-0 left-0 z-40 flex w-72 max-w-[85vw] flex-col overflow-y-auto border-r border-line bg-paper shadow-pop outline-none transition-transform duration-150 data-ending-style:-translate-x-full data-starting-style:-translate-x-full">
          <div className="flex h-14 shrink-0 items-center justify-between gap-2 border-b border-line pr-2 pl-5">
            <Dialog.Title className="sr-only">Navigation</Dialog.Title>
            <Logo />
            <Dialog.Close render={<IconButton label="Close navigation" icon={X} />} />
          </div>
          <Navigation scope={scope} onLeave={() => onOpenChange(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
