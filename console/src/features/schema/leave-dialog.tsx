import { useBlocker } from '@tanstack/react-router';

import { Button } from '#console/ui/button.tsx';
import { Dialog } from '#console/ui/dialog.tsx';

interface LeaveDialogProps {
  readonly projectRef: string;
  readonly isDirty: boolean;
  readonly onDiscard: () => void;
}

/**
 * Asks for confirmation before the user leaves the schema pages with unapplied changes. The draft is kept in the tab.
 */
export function LeaveDialog({ projectRef, isDirty, onDiscard }: LeaveDialogProps) {
  const home = `/projects/${projectRef}/schema`;
  const blocker = useBlocker({
    // After a sign-out, the redirect to the sign-in page must not be blocked.
    shouldBlockFn: ({ next }) =>
      isDirty && !next.pathname.startsWith(home) && next.pathname !== '/sign-in',
    enableBeforeUnload: isDirty,
    withResolver: true,
  });
  if (blocker.status !== 'blocked') return null;
  return (
    <Dialog
      open
      onOpenChange={() => blocker.reset()}
      title="Leave without applying?"
      size="sm"
      footer={
        <>
          <Button onClick={() => blocker.reset()}>Stay</Button>
          <Button
            onClick={() => {
              onDiscard();
              blocker.proceed();
            }}
          >
            Discard and leave
          </Button>
          <Button variant="primary" onClick={() => blocker.proceed()}>
            Leave
          </Button>
        </>
      }
    >
      <p className="text-quiet">
        Your changes aren’t applied yet. They stay in this browser tab until you close it, so you
        can come back and continue.
      </p>
    </Dialog>
  );
}
