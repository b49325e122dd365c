import { useSuspenseQuery } from '@tanstack/react-query';
import { LogOut, Trash2 } from 'lucide-react';
import { useState } from 'react';

import { organizationQuery, type Organization } from '#console/domain/organization.queries.ts';
import { whyNot } from '#console/domain/permissions.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { Button } from '#console/ui/button.tsx';
import { ConfirmDialog } from '#console/ui/confirm-dialog.tsx';
import { Page } from '#console/ui/page.tsx';

import { DangerCard, DangerRow } from './danger-card.tsx';
import { GeneralForm } from './general-form.tsx';
import { useOrganizationChanges } from './use-organization-changes.ts';

export function OrganizationSettingsPage({ slug }: { slug: string }) {
  const { data: organization } = useSuspenseQuery(organizationQuery(slug));
  // Null only while navigating away: the layout route has already checked that the organization exists.
  if (organization === null) return null;
  return <Settings key={organization.id} organization={organization} />;
}

function Settings({ organization }: { organization: Organization }) {
  const { name, slug, viewerRole } = organization;
  const { save, leave, remove } = useOrganizationChanges(organization);
  return (
    <Page title="Settings" description="Name, slug and deletion." width="narrow">
      <GeneralForm
        value={{ name, slug }}
        nameHelp="Visible to members and to people who are invited."
        slugHelp="Part of the organization’s URL in the console."
        slugWarning={
          <>
            Links to <span className="font-mono">/orgs/{slug}</span> will stop working, and another
            organization can take this slug. Projects, their APIs and their keys are not affected.
          </>
        }
        reason={whyNot(viewerRole, 'organization:update')}
        onSave={(value) => save.mutateAsync(value)}
      />
      <DangerCard>
        <LeaveRow name={name} leave={leave} />
        <DeleteRow organization={organization} remove={remove} />
      </DangerCard>
    </Page>
  );
}

type Changes = ReturnType<typeof useOrganizationChanges>;

function LeaveRow({ name, leave }: { name: string; leave: Changes['leave'] }) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <DangerRow
        title="Leave this organization"
        description="You will immediately lose access to its projects, and you will need an invitation to rejoin."
        action={
          <Button icon={LogOut} onClick={() => setIsAsking(true)}>
            Leave…
          </Button>
        }
      />
      <ConfirmDialog
        open={isAsking}
        onOpenChange={(isOpen) => {
          leave.reset();
          setIsAsking(isOpen);
        }}
        title={`Leave ${name}?`}
        confirmLabel="Leave organization"
        onConfirm={() => leave.mutateAsync()}
        error={leave.isError ? explainError(leave.error) : null}
      >
        <p>
          You will immediately lose access to its projects, and you will need an invitation to
          rejoin.
        </p>
      </ConfirmDialog>
    </>
  );
}

interface DeleteRowProps {
  readonly organization: Organization;
  readonly remove: Changes['remove'];
}

function DeleteRow({ organization: { name, viewerRole }, remove }: DeleteRowProps) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <DangerRow
        title="Delete this organization"
        description="Deletes all its projects, including their data and keys. This can’t be undone."
        action={
          <Button
            variant="danger"
            icon={Trash2}
            disabledReason={whyNot(viewerRole, 'organization:delete')}
            onClick={() => setIsAsking(true)}
          >
            Delete organization…
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
        confirmLabel="Delete organization"
        typeToConfirm={name}
        onConfirm={() => remove.mutateAsync()}
        error={remove.isError ? explainError(remove.error) : null}
      >
        <p>
          This will delete every project in the organization, including all data and keys. Programs
          that use the keys will stop working immediately, and members will lose access. This can’t
          be undone.
        </p>
      </ConfirmDialog>
    </>
  );
}
