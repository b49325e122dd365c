import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';

import type { Project } from '#console/domain/project.queries.ts';
import { projectSchemaQuery } from '#console/domain/project-schema.queries.ts';
import { readUserSchema } from '#console/lib/sdl/user-schema.ts';
import { Dialog } from '#console/ui/dialog.tsx';

import { IssuerForm } from './issuer-form.tsx';
import type { TrustedIssuer } from './issuer-values.ts';
import type { AccessChanges } from './use-access-changes.ts';

const route = getRouteApi('/_app/projects/$ref/settings');

interface IssuerDialogsProps {
  readonly project: Project;
  readonly issuers: readonly TrustedIssuer[];
  readonly saveIssuer: AccessChanges['saveIssuer'];
}

/** The dialogs that add an issuer and edit the one that the URL names. */
export function IssuerDialogs({ issuers, ...rest }: IssuerDialogsProps) {
  const { newIssuer, editIssuer } = route.useSearch();
  const navigate = route.useNavigate();
  const close = () => void navigate({ search: {}, replace: true, resetScroll: false });
  const edited = issuers.find(({ issuer }) => issuer === editIssuer) ?? null;
  const others = issuers.filter((issuer) => issuer !== edited);
  return (
    <>
      <Dialog
        open={newIssuer === true}
        onOpenChange={close}
        title="Add a trusted issuer"
        description="The API accepts tokens that this issuer has signed, for your audience."
        size="lg"
      >
        <Content {...rest} issuer={null} others={issuers} onClose={close} />
      </Dialog>
      <Dialog
        open={edited !== null}
        onOpenChange={close}
        title="Edit the trusted issuer"
        description="Changes take effect within a second."
        size="lg"
      >
        {edited !== null && <Content {...rest} issuer={edited} others={others} onClose={close} />}
      </Dialog>
    </>
  );
}

interface ContentProps extends Omit<IssuerDialogsProps, 'issuers'> {
  readonly issuer: TrustedIssuer | null;
  readonly others: readonly TrustedIssuer[];
  readonly onClose: () => void;
}

function Content({ project, issuer, others, saveIssuer, onClose }: ContentProps) {
  // The form keeps its values if the list is loaded again while the dialog is open.
  const [opened] = useState(issuer);
  const { data: schema } = useSuspenseQuery(projectSchemaQuery(project.ref));
  return (
    <IssuerForm
      projectRef={project.ref}
      issuer={issuer}
      others={others}
      users={readUserSchema(schema?.sdl ?? '')}
      onCancel={onClose}
      onSubmit={async (input) => {
        await saveIssuer(input, opened);
        onClose();
      }}
    />
  );
}
