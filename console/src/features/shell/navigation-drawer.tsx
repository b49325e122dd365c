import { Menu } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';

import { IconButton } from '#console/ui/icon-button.tsx';

import type { Scope } from './use-scope.ts';

const load = () => import('./navigation-sheet.tsx');
const NavigationSheet = lazy(load);

/** The navigation where there is no room for it beside the page; loaded when somebody is about to open it. */
export function NavigationDrawer({ scope }: { scope: Scope }) {
  const [isOpen, setIsOpen] = useState(false);
  // The first use loads it; from then on it stays, so that it can go as it came.
  const [isWanted, setIsWanted] = useState(false);
  return (
    <>
      <IconButton
        label="Open navigation"
        icon={Menu}
        className="lg:hidden"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onPointerEnter={() => void load()}
        onFocus={() => void load()}
        onClick={() => {
          setIsWanted(true);
          setIsOpen(true);
        }}
      />
      {isWanted && (
        <Suspense>
          <NavigationSheet scope={scope} isOpen={isOpen} onOpenChange={setIsOpen} />
        </Suspense>
      )}
    </>
  );
}
