import { Search } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';

import { Kbd } from '#console/ui/kbd.tsx';

import type { Scope } from './use-scope.ts';

const Palette = lazy(() => import('./palette.tsx'));

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The button and the keyboard shortcut (Ctrl-K or ⌘-K) that open the command palette. */
export function CommandPalette({ scope }: { scope: Scope }) {
  const [isOpen, setIsOpen] = useState(false);
  // The palette is loaded on first use. It stays mounted so that its closing animation can run.
  const [isWanted, setIsWanted] = useState(false);
  const open = (next: boolean) => {
    setIsWanted(true);
    setIsOpen(next);
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(isApple ? event.metaKey : event.ctrlKey)) return;
      if (event.shiftKey || event.altKey || event.defaultPrevented) return;
      event.preventDefault();
      setIsWanted(true);
      setIsOpen((was) => !was);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <button
        type="button"
        aria-keyshortcuts={isApple ? 'Meta+K' : 'Control+K'}
        aria-haspopup="dialog"
        className="flex h-9 shrink-0 cursor-pointer items-center gap-2 rounded-md px-2.5 text-quiet transition-colors hover:bg-ink/6 hover:text-ink sm:border sm:border-line sm:bg-surface touch:h-11"
        onClick={() => open(true)}
      >
        <Search aria-hidden="true" className="size-4" />
        <span className="max-sm:sr-only sm:mr-4">Go to…</span>
        <span aria-hidden="true" className="hidden gap-0.5 sm:flex">
          <Kbd>{isApple ? '⌘' : 'Ctrl'}</Kbd>
          <Kbd>K</Kbd>
        </span>
      </button>
      {isWanted && (
        <Suspense>
          <Palette scope={scope} isOpen={isOpen} onOpenChange={open} />
        </Suspense>
      )}
    </>
  );
}
