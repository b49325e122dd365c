import { useBlocker } from '@tanstack/react-router';
import { useState, type RefObject } from 'react';

import { ConfirmDialog } from '#console/ui/confirm-dialog.tsx';

/**
 * Asks before the user leaves a changed form. Closing the panel changes the URL, so that Escape, a click outside, the
 * close button, the browser's back button and links are all covered.
 *
 * @param isSaved true from the moment when the changes are saved
 */
export function useDiscardDialog(isDirty: boolean, isSaved: RefObject<boolean>) {
  const [leave, setLeave] = useState<(() => void) | null>(null);
  const blocker = useBlocker({
    // After a sign-out, the redirect to the sign-in page must not be blocked.
    shouldBlockFn: ({ next }) => isDirty && !isSaved.current && next.pathname !== '/sign-in',
    enableBeforeUnload: () => isDirty && !isSaved.current,
    withResolver: true,
  });
  return {
    /** Leaves without a change of the URL. */
    leaving: (go: () => void) => {
      if (isDirty) setLeave(() => go);
      else go();
    },
    dialog: (
      <ConfirmDialog
        open={leave !== null || blocker.status === 'blocked'}
        onOpenChange={(isOpen) => {
          if (isOpen) return;
          setLeave(null);
          blocker.reset?.();
        }}
        title="Discard your changes?"
        cancelLabel="Keep editing"
        confirmLabel="Discard changes"
        onConfirm={() => {
          leave?.();
          blocker.proceed?.();
          return Promise.resolve();
        }}
      >
        <p>The changes in this form are not saved.</p>
      </ConfirmDialog>
    ),
  };
}
