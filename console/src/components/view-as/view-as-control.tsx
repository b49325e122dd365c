import { Eye, X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';

import { can, whyNot } from '#console/domain/permissions.ts';
import type { Project } from '#console/domain/project.queries.ts';
import { useViewAs, viewAsChoice, viewedUser, type ViewAs } from '#console/lib/api/view-as.ts';
import { Button, type ButtonSize } from '#console/ui/button.tsx';

const ViewAsDialog = lazy(() => import('./view-as-dialog.tsx'));

/** As whom the member views the project; null for the member's own permissions. */
export function useActiveViewAs(project: Project): ViewAs | null {
  const viewAs = useViewAs(project.ref);
  return can(project.viewerCan, 'access:viewAs') ? viewAs : null;
}

interface ViewAsButtonProps {
  readonly project: Project;
  readonly size?: ButtonSize;
}

/** Opens the choice of a caller as whom the member reads the project. */
export function ViewAsButton({ project, size = 'md' }: ViewAsButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button
        size={size}
        icon={Eye}
        disabledReason={whyNot(project.organization.viewerRole, 'access:viewAs')}
        onClick={() => setIsOpen(true)}
      >
        View as…
      </Button>
      {isOpen && (
        <Suspense>
          <ViewAsDialog project={project} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** Why a member who views the project as another caller cannot write rows. */
export const viewAsReadOnlyReason =
  'You are viewing the project as another caller, which is read-only. Stop viewing to write rows.';

/** States as whom the member views the project, and ends it. Empty while the member has their own permissions. */
export function ViewAsBanner({ project }: { project: Project }) {
  const viewAs = useActiveViewAs(project);
  return (
    <div role="status" className="empty:hidden">
      {viewAs !== null && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-y border-warning/25 bg-warning-soft px-4 py-2">
          <Eye aria-hidden="true" className="size-4 shrink-0 text-warning" />
          <p className="min-w-0 flex-1 wrap-anywhere">
            <strong className="font-semibold">Viewing as {callerText(viewAs)}.</strong> You see what
            the access rules let this caller read. Writing is off, and the audit log records the
            view.
          </p>
          <Button size="sm" icon={X} onClick={() => viewAsChoice.write(project.ref, null)}>
            Stop viewing
          </Button>
        </div>
      )}
    </div>
  );
}

function callerText(viewAs: ViewAs): string {
  const user = viewedUser(viewAs);
  return user === null ? 'a signed-out caller' : `the user ${user}`;
}
