import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Users } from 'lucide-react';

import type { Organization } from '#console/domain/organization.queries.ts';
import { viewerQuery } from '#console/domain/viewer.queries.ts';
import type { Role } from '#console/gql/graphql.ts';
import { countOf } from '#console/lib/count-of.ts';
import { pagesBeside } from '#console/lib/cursor-page.ts';
import { Button } from '#console/ui/button.tsx';
import { EmptyState } from '#console/ui/empty-state.tsx';
import { Pager } from '#console/ui/pager.tsx';
import { Select } from '#console/ui/select.tsx';
import { Table, TBody, TH, THead, TRow } from '#console/ui/table.tsx';

import { MemberRow } from './member-row.tsx';
import { membersQuery } from './members.queries.ts';
import { roleName, roles } from './roles.ts';
import { useMemberChanges } from './use-member-changes.ts';

const route = getRouteApi('/_app/orgs/$slug/members');

const roleOptions = [
  { value: 'ALL', label: 'All roles' },
  ...roles.map((role) => ({ value: role, label: roleName[role] })),
] as const satisfies readonly { value: Role | 'ALL'; label: string }[];

export function MembersSection({ organization }: { organization: Organization }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data } = useSuspenseQuery(membersQuery(organization.slug, search));
  const { data: viewer } = useSuspenseQuery(viewerQuery);
  const changes = useMemberChanges(organization);
  if (data === null) return null;
  const { nodes, totalCount, pageInfo } = data.members;
  const { previous, next } = pagesBeside(pageInfo);
  const filter = (role: Role | undefined) => void navigate({ search: { role } });
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="font-semibold">{counted(totalCount, search.role)}</h2>
        <Select
          label="Role"
          size="sm"
          className="w-36"
          options={roleOptions}
          value={search.role ?? 'ALL'}
          onValueChange={(role) => filter(role === 'ALL' ? undefined : role)}
        />
      </div>
      {nodes.length === 0 ? (
        <EmptyState
          level={3}
          icon={Users}
          title={search.role === undefined ? 'No members' : 'No members with this role'}
          description="Choose another role, or show all members."
          action={<Button onClick={() => filter(undefined)}>Show all members</Button>}
        />
      ) : (
        <Table label="Members">
          <THead>
            <TRow>
              <TH>Name</TH>
              <TH>Role</TH>
              <TH className="max-sm:hidden">Joined</TH>
              <TH>
                <span className="sr-only">Actions</span>
              </TH>
            </TRow>
          </THead>
          <TBody>
            {nodes.map((member) => (
              <MemberRow
                key={member.id}
                member={member}
                isSelf={member.user.id === viewer?.id}
                owners={data.owners.totalCount}
                organization={organization}
                changes={changes}
              />
            ))}
          </TBody>
        </Table>
      )}
      {(previous ?? next) !== null && (
        <Pager
          name="Member list pagination"
          hasPrevious={previous !== null}
          hasNext={next !== null}
          onPrevious={() => void navigate({ search: { role: search.role, ...previous } })}
          onNext={() => void navigate({ search: { role: search.role, ...next } })}
        />
      )}
    </div>
  );
}

function counted(count: number, role: Role | undefined): string {
  const what = role === undefined ? 'member' : roleName[role].toLowerCase();
  return countOf(count, what);
}
