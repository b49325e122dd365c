import { explainError } from '#console/lib/api/errors.ts';
import { session } from '#console/lib/session/session.ts';
import { toast } from '#console/ui/toast.ts';

/** Ends the session in all tabs. Errors are shown in a toast. */
export const signOut = (): Promise<void> =>
  session.signOut().catch((error: unknown) => {
    toast.error(explainError(error));
  });
