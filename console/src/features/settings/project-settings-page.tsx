import { useSuspenseQuery } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';

import { whyNot } from '#console/domain/permissions.ts';
import { projectQuery, type Project } from '#console/domain/project.queries.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { Button } from '#console/ui/button.tsx';
import { Card, CardBody, CardHeader } from '#console/ui/card.tsx';
import { ConfirmDialog } from '#console/ui/confirm-dialog.tsx';
import { CopyButton } from '#console/ui/copy-button.tsx';
import { DefinitionList } from '#console/ui/definition-list.tsx';
import { Page } from '#console/ui/page.tsx';
import { Time } from '#console/ui/time.tsx';

import { AllowedOriginsCard } from './access/allowed-origins-card.tsx';
import { TrustedIssuersCard } from './access/trusted-issuers-card.tsx';
import { DangerCard, DangerRow } from './danger-card.tsx';
import { GeneralForm } from './general-form.tsx';
import { useProjectChanges } from './use-project-changes.ts';

export function ProjectSettingsPage({ projectRef }: { projectRef: string }) {
  const { data: project } = useSuspenseQuery(projectQuery(projectRef));
  // Null only while navigating away: the layout route has already checked that the project exists.
  if (project === null) return null;
  return <Settings key={project.ref} project={project} />;
}

function Settings({ project }: { project: Project }) {
  const { name, slug, organization } = project;
  const { save, remove } = useProjectChanges(project);
  const reason = whyNot(organization.viewerRole, 'projectSettings:update');
  return (
    <Page
      title="Settings"
      description="Name, slug, address, access from apps, and deletion."
      width="narrow"
    >
      <GeneralForm
        value={{ name, slug }}
        nameHelp="Visible to members in the console."
        slugHelp="A short name that is unique within the organization. The API address uses the ref, so changing the slug doesn’t affect the API."
        reason={whyNot(organization.viewerRole, 'project:update')}
        onSave={(value) => save.mutateAsync(value)}
      />
      <AddressCard project={project} />
      <AllowedOriginsCard projectRef={project.ref} reason={reason} />
      <TrustedIssuersCard project={project} reason={reason} />
      <DangerCard>
        <DeleteRow project={project} remove={remove} />
      </DangerCard>
    </Page>
  );
}

function AddressCard({ project: { ref, endpoint, createdAt } }: { project: Project }) {
  return (
    <Card aria-labelledby="address">
      <CardHeader title="Address" titleId="address" description="Permanent and never reused." />
      <CardBody>
        <DefinitionList
          items={[
            { term: 'Ref', description: <Copied value={ref} label="Copy the ref" /> },
            {
              term: 'API endpoint',
              description: <Copied value={endpoint} label="Copy the API endpoint" />,
            },
            { term: 'Created', description: <Time value={createdAt} /> },
          ]}
        />
      </CardBody>
    </Card>
  );
}

function Copied({ value, label }: { value: string; label: string }): ReactNode {
  return (
    <span className="flex items-center gap-1">
      <span className="min-w-0 font-mono text-[0.8125rem] wrap-anywhere">{value}</span>
      <CopyButton value={value} label={label} className="-my-1.5" />
    </span>
  );
}

interface DeleteRowProps {
  readonly project: Project;
  readonly remove: ReturnType<typeof useProjectChanges>['remove'];
}

function DeleteRow({ project: { name, organization }, remove }: DeleteRowProps) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <DangerRow
        title="Delete this project"
        description="Deletes its schema, data and keys. This can’t be undone."
        action={
          <Button
            variant="danger"
            icon={Trash2}
            disabledReason={whyNot(organization.viewerRole, 'project:delete')}
            onClick={() => setIsAsking(true)}
          >
            Delete project…
          </Button>
        }
      />
      <ConfirmDialog
        open={isAsking}
        onOpenChange={(isOpen) => {
          remove.reset();
          setIsAsking(isOpen);
        }}
        title={`Delete ${name}?`}
        confirmLabel="Delete project"
        typeToConfirm={name}
        onConfirm={() => remove.mutateAsync()}
        error={remove.isError ? explainError(remove.error) : null}
      >
        <p>
          This will delete all rows and all schema versions. The API will stop responding, and
          programs that use the keys will stop working immediately. This can’t be undone.
        </p>
      </ConfirmDialog>
    </>
  );
}
