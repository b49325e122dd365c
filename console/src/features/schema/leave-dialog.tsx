import { useBlocker } from '@tanstack/react-router';

import { Button } from '#console/ui/button.tsx';
import { Dialog } from '#console/ui/dialog.tsx';

interface LeaveDialogProps {
  readonly projectRef: string;
  readonly isDirty: boolean;
  readonly onDiscard: () => void;
}

/** Asks before a text that is not applied is left. It is kept in the tab, so the schema's own pages are free. */
export function LeaveDialog({ projectRef, isDirty, onDiscard }: LeaveDialogProps) {
  const home = `/projects/${projectRef}/schema`;
  const blocker = useBlocker({
    // Who is signed out must get to the sign-in page.
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
        Your text is not applied. It is kept in this tab until you close it, and stands here when
        you come back.
      </p>
    </Dialog>
  );
}
