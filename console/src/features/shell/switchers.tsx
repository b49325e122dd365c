import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { LayoutGrid, Plus } from 'lucide-react';
import { useState } from 'react';

import { can } from '#console/domain/permissions.ts';
import { viewerQuery } from '#console/domain/viewer.queries.ts';
import { Switcher } from '#console/ui/switcher.tsx';
import type { SwitcherOption } from '#console/ui/switcher-parts.ts';

import { switcherProjectsQuery } from './shell.queries.ts';
import type { ScopeOrganization } from './use-scope.ts';

// Special values for actions. Slugs and refs cannot contain these characters.
const create = '+';
const all = '*';

export function OrganizationSwitcher({ slug }: { slug: string }) {
  const navigate = useNavigate();
  const { data: viewer } = useSuspenseQuery(viewerQuery);
  const organizations = viewer?.organizations.nodes ?? [];
  const options: SwitcherOption[] = [
    ...organizations.map((one) => ({ value: one.slug, label: one.name })),
    { value: create, label: 'New organization', icon: Plus, isAction: true },
  ];
  const choose = (value: string) =>
    value === create
      ? navigate({ to: '/welcome' })
      : navigate({ to: '/orgs/$slug', params: { slug: value } });
  return (
    <Switcher
      label="Switch organization"
      options={options}
      value={slug}
      onChoose={(value) => void choose(value)}
    />
  );
}

interface ProjectSwitcherProps {
  readonly organization: ScopeOrganization;
  readonly projectRef: string;
}

export function ProjectSwitcher({ organization, projectRef }: ProjectSwitcherProps) {
  const navigate = useNavigate();
  const [isWanted, setIsWanted] = useState(false);
  const { slug } = organization;
  const { data, isPending } = useQuery({ ...switcherProjectsQuery(slug), enabled: isWanted });
  const projects = data?.nodes ?? [];
  const options: SwitcherOption[] = [
    ...projects.map((one) => ({ value: one.ref, label: one.name })),
    {
      value: all,
      label: isPending ? 'Loading…' : 'All projects',
      icon: LayoutGrid,
      isAction: true,
    },
  ];
  if (can(organization.viewerCan, 'project:create')) {
    options.push({ value: create, label: 'New project', icon: Plus, isAction: true });
  }
  const choose = (value: string) => {
    if (value === all) return navigate({ to: '/orgs/$slug', params: { slug } });
    if (value === create) {
      return navigate({ to: '/orgs/$slug', params: { slug }, search: { create: true } });
    }
    return navigate({ to: '/projects/$ref', params: { ref: value } });
  };
  return (
    <Switcher
      label="Switch project"
      options={options}
      value={projectRef}
      onChoose={(value) => void choose(value)}
      onOpen={() => setIsWanted(true)}
    />
  );
}
