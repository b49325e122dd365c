import { Menu } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';

import { IconButton } from '#console/ui/icon-button.tsx';

import type { Scope } from './use-scope.ts';

const load = () => import('./navigation-sheet.tsx');
const NavigationSheet = lazy(load);

/** The navigation on narrow screens. Its content is loaded when the button is hovered or focused. */
export function NavigationDrawer({ scope }: { scope: Scope }) {
  const [isOpen, setIsOpen] = useState(false);
  // The drawer stays mounted after its first use so that its closing animation can run.
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
