import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { projectModelsQuery } from '#console/domain/models/project-models.queries.ts';
import { projectSchemaQuery } from '#console/domain/project-schema.queries.ts';
import type { Project } from '#console/domain/project.queries.ts';
import type { KeyRowFragment } from '#console/gql/graphql.ts';
import { Alert } from '#console/ui/alert.tsx';
import { Button } from '#console/ui/button.tsx';
import { CodeBlock } from '#console/ui/code-block.tsx';
import { CopyButton } from '#console/ui/copy-button.tsx';
import { Dialog } from '#console/ui/dialog.tsx';
import { DocsLink } from '#console/ui/docs-link.tsx';
import { Field } from '#console/ui/field.tsx';
import { Input } from '#console/ui/input.tsx';

import { browserCall } from './example-call.ts';

interface PublishableKeyDialogProps {
  readonly apiKey: Pick<KeyRowFragment, 'name' | 'scopes'>;
  readonly text: string;
  readonly title: string;
  readonly project: Project;
  readonly onClose: () => void;
}

/** Shows a publishable key, which can be shown again, and how a browser uses it. */
export function PublishableKeyDialog(props: PublishableKeyDialogProps) {
  const { apiKey, text, title, project, onClose } = props;
  const version = project.schema?.version ?? null;
  const { data: models } = useQuery({
    ...projectModelsQuery(project.ref, version ?? 0),
    enabled: version !== null,
  });
  const { data: applied } = useQuery(projectSchemaQuery(project.ref));
  const { scopes } = apiKey;
  const { endpoint } = project;
  const code = browserCall({
    secret: text,
    scopes,
    endpoint,
    models: models ?? null,
    sdl: applied?.sdl ?? '',
  });
  return (
    <Dialog
      open
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      title={title}
      size="lg"
      footer={
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      }
    >
      <div className="space-y-5">
        <Alert title="You can publish this key.">
          It identifies the project and has rate limits. The access rules in the schema and the
          user’s token decide what a request can do.
        </Alert>
        <Field label="Publishable key" help="Members of the project can show it again.">
          {(control) => (
            <div className="flex gap-2">
              <Input
                {...control}
                readOnly
                autoFocus
                value={text}
                spellCheck={false}
                onFocus={({ target }) => target.select()}
                className="font-mono text-[0.8125rem]"
              />
              <CopyButton value={text} label="Copy key" size="md" isLabelShown />
            </div>
          )}
        </Field>
        <div className="space-y-1.5">
          <h3 className="font-medium">Call the API from a browser</h3>
          <CodeBlock code={code} label="Call the API from a browser" copy="Copy code" />
          <p className="text-quiet">
            The user’s token must come from one of the{' '}
            <SettingsLink projectRef={project.ref} hash="trusted-issuers">
              trusted issuers
            </SettingsLink>
            . If your app runs in browsers, add its origin to the{' '}
            <SettingsLink projectRef={project.ref} hash="allowed-origins">
              allowed origins
            </SettingsLink>
            . <DocsLink page="letUsersIn">Let your app’s users in</DocsLink>
          </p>
        </div>
      </div>
    </Dialog>
  );
}

interface SettingsLinkProps {
  readonly projectRef: string;
  readonly hash: 'allowed-origins' | 'trusted-issuers';
  readonly children: ReactNode;
}

function SettingsLink({ projectRef, hash, children }: SettingsLinkProps) {
  return (
    <Link
      to="/projects/$ref/settings"
      params={{ ref: projectRef }}
      hash={hash}
      className="font-medium text-accent underline underline-offset-2"
    >
      {children}
    </Link>
  );
}
