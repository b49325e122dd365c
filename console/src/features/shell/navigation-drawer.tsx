import { Dialog } from '@base-ui/react/dialog';
import { Menu, X } from 'lucide-react';
import { useState } from 'react';

import { backdropClass } from '#console/ui/dialog-classes.ts';
import { IconButton } from '#console/ui/icon-button.tsx';
import { Logo } from '#console/ui/logo.tsx';

import { Navigation } from './navigation.tsx';
import type { Scope } from './use-scope.ts';

/** The navigation where there is no room for it beside the page. */
export function NavigationDrawer({ scope }: { scope: Scope }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Dialog.Root open={isOpen} onOpenChange={(open) => setIsOpen(open)}>
      <Dialog.Trigger
        render={<IconButton label="Open navigation" icon={Menu} className="lg:hidden" />}
      />
      <Dialog.Portal>
        <Dialog.Backdrop className={backdropClass} />
        <Dialog.Popup className="fixed inset-y-0 left-0 z-40 flex w-72 max-w-[85vw] flex-col overflow-y-auto border-r border-line bg-paper shadow-pop outline-none transition-transform duration-150 data-ending-style:-translate-x-full data-starting-style:-translate-x-full">
          <div className="flex h-14 shrink-0 items-center justify-between gap-2 border-b border-line pr-2 pl-5">
            <Dialog.Title className="sr-only">Navigation</Dialog.Title>
            <Logo />
            <Dialog.Close render={<IconButton label="Close navigation" icon={X} />} />
          </div>
          <Navigation scope={scope} onLeave={() => setIsOpen(false)} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
