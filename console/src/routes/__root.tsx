import { createRootRouteWithContext, HeadContent, Outlet } from '@tanstack/react-router';

import { pageTitle } from '#console/lib/page-title.ts';
import type { RouterContext } from '#console/lib/router-context.ts';
import { Toaster } from '#console/ui/toaster.tsx';
import { TooltipProvider } from '#console/ui/tooltip.tsx';

export const Route = createRootRouteWithContext<RouterContext>()({
  head: () => ({ meta: [{ title: pageTitle() }] }),
  component: Root,
});

function Root() {
  return (
    <TooltipProvider>
      <HeadContent />
      <Outlet />
      <Toaster />
    </TooltipProvider>
  );
}
