import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Pencil, Plus, UserCheck } from 'lucide-react';

import type { Project } from '#console/domain/project.queries.ts';
import { Button } from '#console/ui/button.tsx';
import { Card, CardBody, CardHeader } from '#console/ui/card.tsx';
import { DefinitionList } from '#console/ui/definition-list.tsx';
import { DocsLink } from '#console/ui/docs-link.tsx';
import { EmptyState } from '#console/ui/empty-state.tsx';
import { IconButton } from '#console/ui/icon-button.tsx';

import { accessSettingsQuery } from './access-settings.queries.ts';
import { IssuerDialogs } from './issuer-dialogs.tsx';
import type { TrustedIssuer } from './issuer-values.ts';
import { RemoveButton } from './remove-button.tsx';
import { useAccessChanges, type AccessChanges } from './use-access-changes.ts';

const route = getRouteApi('/_app/projects/$ref/settings');

interface TrustedIssuersCardProps {
  readonly project: Project;
  /** Why the list is read-only; null if it can be changed. */
  readonly reason: string | null;
}

/** The issuers whose tokens identify the users of the project's apps. */
export function TrustedIssuersCard({ project, reason }: TrustedIssuersCardProps) {
  const { data: settings } = useSuspenseQuery(accessSettingsQuery(project.ref));
  const { saveIssuer, removeIssuer } = useAccessChanges(project.ref);
  const navigate = route.useNavigate();
  const issuers = settings?.trustedIssuers ?? [];
  const add = (
    <Button
      icon={Plus}
      disabledReason={reason}
      onClick={() => void navigate({ search: { newIssuer: true }, resetScroll: false })}
    >
      Add issuer
    </Button>
  );
  return (
    <Card aria-labelledby="trusted-issuers">
      <CardHeader
        title="Trusted issuers"
        titleId="trusted-issuers"
        description="Services that sign in your apps’ users. The API accepts their tokens."
        actions={issuers.length === 0 ? undefined : add}
      />
      <CardBody>
        {issuers.length === 0 ? (
          <EmptyState
            level={3}
            icon={UserCheck}
            title="No trusted issuers"
            description={
              <>
                Without an issuer, the users of your apps are signed out: only rules for everyone
                apply to them. <DocsLink page="letUsersIn">Let your app’s users in</DocsLink>
              </>
            }
            action={add}
            className="py-8"
          />
        ) : (
          <ul aria-label="Trusted issuers" className="divide-y divide-line">
            {issuers.map((issuer) => (
              <IssuerItem
                key={issuer.issuer}
                issuer={issuer}
                reason={reason}
                removeIssuer={removeIssuer}
              />
            ))}
          </ul>
        )}
      </CardBody>
      {reason === null && (
        <IssuerDialogs project={project} issuers={issuers} saveIssuer={saveIssuer} />
      )}
    </Card>
  );
}

interface IssuerItemProps {
  readonly issuer: TrustedIssuer;
  readonly reason: string | null;
  readonly removeIssuer: AccessChanges['removeIssuer'];
}

function IssuerItem({ issuer, reason, removeIssuer }: IssuerItemProps) {
  const navigate = route.useNavigate();
  const { issuer: name, audience, jwksUrl, algorithms, userClaim, userField, claims } = issuer;
  return (
    <li className="space-y-3 py-4 first:pt-0 last:pb-0">
      <div className="flex items-center justify-between gap-3">
        <h3 className="min-w-0 font-mono text-[0.8125rem] font-medium wrap-anywhere">{name}</h3>
        <div className="flex shrink-0 gap-1">
          <IconButton
            label={`Edit ${name}`}
            icon={Pencil}
            size="sm"
            disabledReason={reason}
            onClick={() => void navigate({ search: { editIssuer: name }, resetScroll: false })}
          />
          <RemoveButton
            name={name}
            confirmLabel="Remove issuer"
            reason={reason}
            remove={removeIssuer}
          >
            <p>
              The API will reject tokens of this issuer within a second, so its users can no longer
              use your apps. Rows are not affected.
            </p>
          </RemoveButton>
        </div>
      </div>
      <DefinitionList
        items={[
          { term: 'Audience', description: <Code text={audience} /> },
          {
            term: 'Keys',
            description: jwksUrl === null ? 'OpenID Connect discovery' : <Code text={jwksUrl} />,
          },
          { term: 'Algorithms', description: algorithms.join(', ') },
          {
            term: 'User',
            description: (
              <>
                <Code text={userField} /> contains the claim <Code text={userClaim} />
              </>
            ),
          },
          { term: 'Claims', description: <Claims claims={claims} /> },
        ]}
      />
    </li>
  );
}

function Claims({ claims }: Pick<TrustedIssuer, 'claims'>) {
  if (claims.length === 0) return <span className="text-quiet">None</span>;
  return (
    <ul className="space-y-0.5">
      {claims.map(({ name, path }) => (
        <li key={name}>
          <Code text={name} /> from <Code text={path} />
        </li>
      ))}
    </ul>
  );
}

function Code({ text }: { text: string }) {
  return <code className="font-mono text-[0.8125rem] wrap-anywhere">{text}</code>;
}
