import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';

import { whyNot } from '#console/domain/permissions.ts';
import type { Project } from '#console/domain/project.queries.ts';
import type { KeyRowFragment } from '#console/gql/graphql.ts';
import { Dialog } from '#console/ui/dialog.tsx';

import { KeyForm } from './key-form.tsx';
import { isWorking, keyStatus, whyNotRotated } from './key-status.ts';
import { PublishableKeyDialog } from './publishable-key.tsx';
import { RotateForm } from './rotate-form.tsx';
import { presets } from './scopes.ts';
import { SecretDialog } from './secret-dialog.tsx';
import type { KeyChanges, NewKey } from './use-key-changes.ts';

const route = getRouteApi('/_app/projects/$ref/keys');

interface KeyDialogsProps {
  readonly project: Project;
  /** The keys on the page. The edit and rotate dialogs apply to one of them. */
  readonly keys: readonly KeyRowFragment[];
  readonly changes: KeyChanges;
}

/**
 * Shows the dialog that the URL names, or the secret of a key that was just created. The secret is never part of a URL.
 */
export function KeyDialogs({ project, keys, changes }: KeyDialogsProps) {
  const [created, setCreated] = useState<NewKey | null>(null);
  const navigate = route.useNavigate();
  const close = () =>
    void navigate({
      search: (search) => ({
        ...search,
        new: undefined,
        edit: undefined,
        rotate: undefined,
        key: undefined,
      }),
      replace: true,
      resetScroll: false,
      // SecretDialog has already asked for confirmation.
      ignoreBlocker: true,
    });
  if (created !== null) {
    const done = () => {
      setCreated(null);
      close();
    };
    if (created.apiKey.kind === 'PUBLISHABLE') {
      const title = created.oldWorksUntil === null ? 'Key created' : 'Key rotated';
      return (
        <PublishableKeyDialog
          apiKey={created.apiKey}
          text={created.secret}
          title={title}
          project={project}
          onClose={done}
        />
      );
    }
    return <SecretDialog created={created} project={project} onClose={done} />;
  }
  return (
    <OpenDialog
      project={project}
      keys={keys}
      changes={changes}
      onCreated={setCreated}
      onClose={close}
    />
  );
}

interface OpenDialogProps extends KeyDialogsProps {
  readonly onCreated: (created: NewKey) => void;
  readonly onClose: () => void;
}

function OpenDialog({ project, keys, changes, onCreated, onClose }: OpenDialogProps) {
  const search = route.useSearch();
  const { viewerRole } = project.organization;
  const working = keys.filter((key) => isWorking(keyStatus(key, new Date())));
  const edited = working.find(({ id }) => id === search.edit);
  const shown = keys.find(({ id }) => id === search.key);
  const rotated = working.find(
    (key) => key.id === search.rotate && whyNotRotated(keyStatus(key, new Date())) === null,
  );
  return (
    <>
      <Dialog
        open={search.new === true && whyNot(viewerRole, 'apiKey:create') === null}
        onOpenChange={onClose}
        title="New API key"
        description={`The key can access ${project.name} and no other project.`}
        size="lg"
      >
        <KeyForm
          project={project}
          initial={{
            name: '',
            kind: 'SECRET',
            scopes: [...presets.READ],
            rateLimitPerMinute: null,
          }}
          isNew
          submitLabel="Create key"
          onCancel={onClose}
          onSubmit={async (terms, expiresAt) =>
            onCreated(await changes.create({ ...terms, expiresAt }))
          }
        />
      </Dialog>
      <Dialog
        open={edited !== undefined && whyNot(viewerRole, 'apiKey:update') === null}
        onOpenChange={onClose}
        title={`Edit ${edited?.name ?? ''}`}
        description="Changes take effect within a second."
        size="lg"
      >
        {edited !== undefined && (
          <KeyForm
            project={project}
            initial={edited}
            isNew={false}
            submitLabel="Save changes"
            onCancel={onClose}
            onSubmit={async ({ name, scopes, rateLimitPerMinute }) => {
              await changes.update({ id: edited.id, name, scopes, rateLimitPerMinute });
              onClose();
            }}
          />
        )}
      </Dialog>
      <Dialog
        open={rotated !== undefined && whyNot(viewerRole, 'apiKey:rotate') === null}
        onOpenChange={onClose}
        title={`Rotate ${rotated?.name ?? ''}`}
        description="Creates a new key with the same name, scopes, rate limit and expiry."
      >
        {rotated !== undefined && (
          <RotateForm
            apiKey={rotated}
            onCancel={onClose}
            onSubmit={async (overlapSeconds) =>
              onCreated(await changes.rotate(rotated, overlapSeconds))
            }
          />
        )}
      </Dialog>
      {shown?.publishableKey != null && (
        <PublishableKeyDialog
          apiKey={shown}
          text={shown.publishableKey}
          title={shown.name}
          project={project}
          onClose={onClose}
        />
      )}
    </>
  );
}
