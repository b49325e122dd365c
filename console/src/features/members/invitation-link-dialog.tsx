import { Alert } from '#console/ui/alert.tsx';
import { Button } from '#console/ui/button.tsx';
import { CopyButton } from '#console/ui/copy-button.tsx';
import { Dialog } from '#console/ui/dialog.tsx';
import { Field } from '#console/ui/field.tsx';
import { Input } from '#console/ui/input.tsx';
import { Time } from '#console/ui/time.tsx';

interface InvitationLinkDialogProps {
  readonly invitation: { readonly email: string; readonly expiresAt: string };
  /** Null while the dialog is closed. */
  readonly link: string | null;
  readonly onClose: () => void;
}

/** Shows the link of an invitation once. */
export function InvitationLinkDialog({ invitation, link, onClose }: InvitationLinkDialogProps) {
  const { email, expiresAt } = invitation;
  return (
    <Dialog
      open={link !== null}
      onOpenChange={onClose}
      title={`Invitation link for ${email}`}
      size="lg"
      footer={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="space-y-5">
        <Alert tone="warning" title="Copy the link now. You won’t see it again.">
          Send it only to {email}. Anyone who has the link can register with this address and join.
        </Alert>
        <Field label="Link">
          {(control) => (
            <div className="flex gap-2">
              <Input
                {...control}
                readOnly
                autoFocus
                value={link ?? ''}
                spellCheck={false}
                onFocus={({ target }) => target.select()}
                className="font-mono text-[0.8125rem]"
              />
              <CopyButton value={link ?? ''} label="Copy link" size="md" isLabelShown />
            </div>
          )}
        </Field>
        <p className="text-quiet">
          The link works once and expires <Time value={expiresAt} />. Links that were copied before
          no longer work. The link in the email still works.
        </p>
      </div>
    </Dialog>
  );
}
