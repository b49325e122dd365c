import { Link, Outlet } from '@tanstack/react-router';

import { cn } from '#console/ui/cn.ts';
import { Logo } from '#console/ui/logo.tsx';

import { CommandPalette } from './command-palette.tsx';
import { NavigationDrawer } from './navigation-drawer.tsx';
import { Navigation } from './navigation.tsx';
import { PageAnnouncer } from './page-announcer.tsx';
import { Trail } from './trail.tsx';
import { UserMenu } from './user-menu.tsx';
import { useScope } from './use-scope.ts';

/** The layout of all pages for signed-in users. */
export function AppShell() {
  const scope = useScope();
  // New users and users at an inaccessible URL have no current organization and therefore no pages to navigate to.
  const hasPlaces = scope.organization !== null;
  return (
    <div className={cn('min-h-dvh', hasPlaces && 'lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]')}>
      <SkipLink />
      {hasPlaces && (
        <aside
          aria-label="Navigation"
          className="sticky top-0 hidden h-dvh flex-col overflow-y-auto border-r border-line bg-paper lg:flex"
        >
          <div className="flex h-14 shrink-0 items-center px-5">
            <Home />
          </div>
          <Navigation scope={scope} />
        </aside>
      )}
      <div className="flex min-w-0 flex-col">
        <header className="sticky top-0 z-30 flex h-14 items-center gap-1 border-b border-line bg-paper/95 px-3 backdrop-blur-sm sm:px-4 lg:px-6">
          {hasPlaces ? <NavigationDrawer scope={scope} /> : <Home />}
          <Trail scope={scope} />
          <CommandPalette scope={scope} />
          <UserMenu />
        </header>
        <Outlet />
      </div>
      <PageAnnouncer />
    </div>
  );
}

const Home = () => (
  <Link to="/" aria-label="Tessera, home" className="flex shrink-0 rounded-md">
    <Logo />
  </Link>
);

function SkipLink() {
  return (
    <a
      href="#main"
      className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-accent px-3 py-2 font-medium text-on-accent focus:translate-y-0"
      onClick={(event) => {
        // Move focus only, because changing the URL's hash would trigger the router.
        event.preventDefault();
        document.getElementById('main')?.focus();
      }}
    >
      Skip to content
    </a>
  );
}
