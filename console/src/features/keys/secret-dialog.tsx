import { useQuery } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';

import { projectModelsQuery } from '#console/domain/models/project-models.queries.ts';
import type { Project } from '#console/domain/project.queries.ts';
import { Alert } from '#console/ui/alert.tsx';
import { Button } from '#console/ui/button.tsx';
import { CodeBlock } from '#console/ui/code-block.tsx';
import { ConfirmDialog } from '#console/ui/confirm-dialog.tsx';
import { CopyButton } from '#console/ui/copy-button.tsx';
import { Dialog } from '#console/ui/dialog.tsx';
import { Field } from '#console/ui/field.tsx';
import { Input } from '#console/ui/input.tsx';
import { Time } from '#console/ui/time.tsx';

import { exampleCall } from './example-call.ts';
import type { NewKey } from './use-key-changes.ts';

interface SecretDialogProps {
  readonly created: NewKey;
  readonly project: Project;
  readonly onClose: () => void;
}

/** Shows a new key's secret once. Closing the dialog requires confirmation unless the secret was copied. */
export function SecretDialog({ created, project, onClose }: SecretDialogProps) {
  const [isCopied, setIsCopied] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  const blocker = useBlocker({
    // A user whose session has ended must be able to reach the sign-in page.
    shouldBlockFn: ({ next }) => !isCopied && next.pathname !== '/sign-in',
    enableBeforeUnload: !isCopied,
    withResolver: true,
  });
  const close = () => (isCopied ? onClose() : setIsAsking(true));
  return (
    <Dialog
      open
      onOpenChange={close}
      title={created.oldWorksUntil === null ? 'Key created' : 'Key rotated'}
      size="lg"
      footer={
        <Button variant="primary" onClick={close}>
          Done
        </Button>
      }
    >
      <Secret created={created} project={project} onCopied={() => setIsCopied(true)} />
      <ConfirmDialog
        open={isAsking || blocker.status === 'blocked'}
        onOpenChange={(isOpen) => {
          if (isOpen) return;
          setIsAsking(false);
          blocker.reset?.();
        }}
        title="Close without copying the key?"
        confirmLabel="Close anyway"
        onConfirm={() => {
          if (blocker.status === 'blocked') blocker.proceed();
          else onClose();
          return Promise.resolve();
        }}
      >
        <p>
          You won’t see it again. If you lose it, you’ll need to rotate this key or create another
          one.
        </p>
      </ConfirmDialog>
    </Dialog>
  );
}

interface SecretProps {
  readonly created: NewKey;
  readonly project: Project;
  readonly onCopied: () => void;
}

function Secret({ created, project, onCopied }: SecretProps) {
  const { secret, apiKey, oldWorksUntil } = created;
  const version = project.schema?.version ?? null;
  const { data: models } = useQuery({
    ...projectModelsQuery(project.ref, version ?? 0),
    enabled: version !== null,
  });
  const { endpoint } = project;
  const call = exampleCall({ secret, scopes: apiKey.scopes, endpoint, models: models ?? null });
  return (
    // The copy event also occurs when users select and copy the text themselves.
    <div className="space-y-5" onCopy={onCopied}>
      <Alert tone="warning" title="Copy the key now. You won’t see it again.">
        Tessera doesn’t store the key. Keep it with your program’s secrets, not in your code.
      </Alert>
      <Field label="Your key">
        {(control) => (
          <div className="flex gap-2">
            <Input
              {...control}
              readOnly
              autoFocus
              value={secret}
              spellCheck={false}
              onFocus={({ target }) => target.select()}
              className="font-mono text-[0.8125rem]"
            />
            <CopyButton
              value={secret}
              label="Copy key"
              size="md"
              isLabelShown
              onCopied={onCopied}
            />
          </div>
        )}
      </Field>
      {oldWorksUntil !== null && (
        <p className="text-quiet">
          The old key expires <Time value={oldWorksUntil} className="text-ink" />. Switch to the new
          key before then.
        </p>
      )}
      <div className="space-y-1.5">
        <h3 className="font-medium">{call.title}</h3>
        <CodeBlock code={call.code} label={call.title} copy="Copy commands" />
      </div>
    </div>
  );
}
