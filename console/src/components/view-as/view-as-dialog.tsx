import { useState } from 'react';

import type { Project } from '#console/domain/project.queries.ts';
import { viewAsChoice, viewAsUser } from '#console/lib/api/view-as.ts';
import { Button } from '#console/ui/button.tsx';
import { Dialog } from '#console/ui/dialog.tsx';
import { RadioCards } from '#console/ui/radio-cards.tsx';

import { UserPicker } from '../user-picker/user-picker.tsx';
import { useUserModel } from '../user-picker/use-user-model.ts';

interface ViewAsDialogProps {
  readonly project: Project;
  readonly onClose: () => void;
}

/** Chooses the caller as whom the member reads the project. Load it lazily. */
export default function ViewAsDialog({ project, onClose }: ViewAsDialogProps) {
  const [kind, setKind] = useState<'PUBLIC' | 'USER'>('PUBLIC');
  const [user, setUser] = useState<string | null>(null);
  const userModel = useUserModel(project);
  const view = () => {
    viewAsChoice.write(project.ref, kind === 'USER' && user !== null ? viewAsUser(user) : 'public');
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title="View as another caller"
      description="Read the project’s data with the rights of a caller of your app."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            disabledReason={kind === 'USER' && user === null ? 'Choose a user first.' : null}
            onClick={view}
          >
            View
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <RadioCards
          label="Caller"
          options={[
            {
              value: 'PUBLIC',
              label: 'Signed out',
              description: 'Only rules for everyone apply.',
            },
            {
              value: 'USER',
              label: 'A user',
              description: 'Rules for signed-in users apply. The token has no claims.',
              disabledReason: userModel.reason,
            },
          ]}
          value={kind}
          onValueChange={setKind}
        />
        {kind === 'USER' && userModel.model !== null && (
          <UserPicker
            projectRef={project.ref}
            model={userModel.model}
            value={user}
            onValueChange={setUser}
          />
        )}
      </div>
    </Dialog>
  );
}
