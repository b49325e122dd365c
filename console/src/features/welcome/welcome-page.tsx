import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { MailOpen } from 'lucide-react';

import { NameAndSlugForm } from '#console/components/name-and-slug-form.tsx';
import { ReceivedInvitations } from '#console/components/received-invitations/received-invitations.tsx';
import { viewerQuery } from '#console/domain/viewer.queries.ts';
import { CreateOrganizationDocument } from '#console/gql/graphql.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { Button } from '#console/ui/button.tsx';
import { Card, CardBody } from '#console/ui/card.tsx';
import { Page } from '#console/ui/page.tsx';

/** The form to create an organization. Users without an organization see it as the start page. */
export function WelcomePage() {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { data: viewer } = useSuspenseQuery(viewerQuery);
  const isFirst = (viewer?.organizations.totalCount ?? 0) === 0;
  const create = async (input: { name: string; slug?: string }) => {
    const data = await request(CreateOrganizationDocument, { input });
    const { organization } = expectSuccess(data.createOrganization, 'CreateOrganizationSuccess');
    await queryClient.invalidateQueries(viewerQuery);
    // The next step is to create a project.
    await navigate({
      to: '/orgs/$slug',
      params: { slug: organization.slug },
      search: { create: true },
    });
  };
  return (
    <Page
      width="narrow"
      title={isFirst ? `Welcome, ${viewer?.name ?? ''}` : 'New organization'}
      description={
        isFirst
          ? 'First name your organization. Then create a project and write its schema.'
          : 'An organization has its own members, projects and audit log.'
      }
    >
      <ReceivedInvitations />
      <Card aria-label="Create an organization">
        <CardBody>
          <NameAndSlugForm
            namePlaceholder="Acme"
            slugHelp={
              <>
                Part of the address <span className="font-mono">{location.host}/orgs/…</span>. You
                can change it later.
              </>
            }
            onSubmit={create}
            footer={(isSubmitting) => (
              <Button type="submit" variant="primary" isLoading={isSubmitting}>
                Create organization
              </Button>
            )}
          />
        </CardBody>
      </Card>
      {isFirst && viewer?.receivedInvitations?.nodes.length === 0 && (
        <p className="flex gap-2.5 text-quiet">
          <MailOpen aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
          <span>
            Were you invited to an existing organization? Open the link in the email that was sent
            to {viewer.email}
            {viewer.emailVerifiedAt === null &&
              ', or verify this address to see your invitations here'}
            .
          </span>
        </p>
      )}
    </Page>
  );
}
