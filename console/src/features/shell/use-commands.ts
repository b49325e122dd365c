import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import {
  BookOpen,
  Boxes,
  Building2,
  LogOut,
  Monitor,
  Moon,
  Plus,
  Sun,
  Table2,
  UserRound,
} from 'lucide-react';

import { projectModelsQuery } from '#console/domain/models/project-models.queries.ts';
import { can } from '#console/domain/permissions.ts';
import { viewerQuery } from '#console/domain/viewer.queries.ts';
import { docsPages } from '#console/lib/docs-pages.ts';
import { chooseTheme } from '#console/lib/theme.ts';
import type { IconSource } from '#console/ui/icon.tsx';

import { organizationPlaces, projectPlaces } from './places.ts';
import { switcherProjectsQuery } from './shell.queries.ts';
import { signOut } from './sign-out.ts';
import type { Scope } from './use-scope.ts';

interface Command {
  /** Unique among all commands. */
  readonly id: string;
  readonly label: string;
  readonly icon: IconSource;
  /** Additional search terms. */
  readonly words?: readonly string[];
  readonly run: () => void;
}

export interface CommandGroup {
  readonly label: string;
  readonly commands: readonly Command[];
}

/** The palette's commands for the current page. */
export function useCommands({ organization, project }: Scope): readonly CommandGroup[] {
  const navigate = useNavigate();
  const { data: viewer } = useSuspenseQuery(viewerQuery);
  const { data: projects } = useQuery({
    ...switcherProjectsQuery(organization?.slug ?? ''),
    enabled: organization !== null,
  });
  const { data: models } = useQuery({
    ...projectModelsQuery(project?.ref ?? '', project?.schema?.version ?? 0),
    enabled: project?.schema != null,
  });
  const groups: CommandGroup[] = [];
  if (project !== null) {
    groups.push({
      label: project.name,
      commands: projectPlaces.map(({ to, label, icon }) => ({
        id: `project ${to}`,
        label,
        icon,
        run: () => void navigate({ to, params: { ref: project.ref } }),
      })),
    });
  }
  if (organization !== null) {
    const { slug } = organization;
    groups.push({
      label: organization.name,
      commands: organizationPlaces.map(({ to, label, icon }) => ({
        id: `organization ${to}`,
        label,
        icon,
        run: () => void navigate({ to, params: { slug } }),
      })),
    });
  }
  groups.push(
    {
      label: 'Projects',
      commands: (projects?.nodes ?? [])
        .filter(({ ref }) => ref !== project?.ref)
        .map(({ ref, name }) => ({
          id: `switch project ${ref}`,
          label: name,
          icon: Boxes,
          words: [ref],
          run: () => void navigate({ to: '/projects/$ref', params: { ref } }),
        })),
    },
    {
      label: 'Organizations',
      commands: (viewer?.organizations.nodes ?? [])
        .filter(({ slug }) => slug !== organization?.slug)
        .map(({ slug, name }) => ({
          id: `switch organization ${slug}`,
          label: name,
          icon: Building2,
          words: [slug],
          run: () => void navigate({ to: '/orgs/$slug', params: { slug } }),
        })),
    },
    { label: 'Actions', commands: actions(organization, navigate) },
  );
  if (project !== null) {
    // Last, because a project can have hundreds of models. A search shows the best matches first.
    groups.push({
      label: `Models of ${project.name}`,
      commands: (models ?? []).map(({ name }) => ({
        id: `model ${name}`,
        label: name,
        icon: Table2,
        words: ['data', 'rows'],
        run: () =>
          void navigate({
            to: '/projects/$ref/data/$model',
            params: { ref: project.ref, model: name },
          }),
      })),
    });
  }
  return groups.filter(({ commands }) => commands.length > 0);
}

function actions(
  organization: Scope['organization'],
  navigate: ReturnType<typeof useNavigate>,
): readonly Command[] {
  const mayCreate = organization !== null && can(organization.viewerCan, 'project:create');
  return [
    ...(mayCreate
      ? [
          {
            id: 'create project',
            label: 'New project',
            icon: Plus,
            words: ['create'],
            run: () =>
              void navigate({
                to: '/orgs/$slug',
                params: { slug: organization.slug },
                search: { create: true },
              }),
          },
        ]
      : []),
    {
      id: 'create organization',
      label: 'New organization',
      icon: Plus,
      words: ['create'],
      run: () => void navigate({ to: '/welcome' }),
    },
    {
      id: 'account',
      label: 'Your account',
      icon: UserRound,
      words: ['profile', 'password', 'sessions'],
      run: () => void navigate({ to: '/account' }),
    },
    {
      id: 'documentation',
      label: 'Documentation',
      icon: BookOpen,
      words: ['docs', 'help', 'guide', 'reference'],
      run: () => void window.open(docsPages.start, '_blank', 'noopener'),
    },
    { id: 'theme light', label: 'Light theme', icon: Sun, run: () => chooseTheme('light') },
    { id: 'theme dark', label: 'Dark theme', icon: Moon, run: () => chooseTheme('dark') },
    {
      id: 'theme system',
      label: 'System theme',
      icon: Monitor,
      run: () => chooseTheme('system'),
    },
    {
      id: 'sign out',
      label: 'Sign out',
      icon: LogOut,
      words: ['log out', 'leave'],
      run: () => void signOut(),
    },
  ];
}
