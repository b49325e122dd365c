import { Link } from '@tanstack/react-router';
import { type ReactNode, useId } from 'react';

import { cn } from '#console/ui/cn.ts';
import { Icon } from '#console/ui/icon.tsx';

import { organizationPlaces, projectPlaces } from './places.ts';
import type { Scope } from './use-scope.ts';

interface NavigationProps {
  readonly scope: Scope;
  /** Called when a link is clicked, to close the drawer. */
  readonly onLeave?: () => void;
}

const linkClass = cn(
  'flex h-8.5 items-center gap-2.5 rounded-md px-2.5 font-medium text-quiet transition-colors touch:h-11',
  'hover:bg-ink/5 hover:text-ink',
  'aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent',
);

/** Links to the pages of the current project and organization. */
export function Navigation({ scope: { organization, project }, onLeave }: NavigationProps) {
  return (
    <nav aria-label="Pages" className="flex flex-col gap-6 px-3 py-4">
      {project !== null && (
        <Group label={project.name}>
          {projectPlaces.map(({ to, label, icon }) => (
            <li key={to}>
              <Link
                to={to}
                params={{ ref: project.ref }}
                activeOptions={{ exact: to === '/projects/$ref', includeSearch: false }}
                className={linkClass}
                onClick={onLeave}
              >
                <Icon source={icon} />
                {label}
              </Link>
            </li>
          ))}
        </Group>
      )}
      {organization !== null && (
        <Group label={organization.name}>
          {organizationPlaces.map(({ to, label, icon }) => (
            <li key={to}>
              <Link
                to={to}
                params={{ slug: organization.slug }}
                activeOptions={{ exact: to === '/orgs/$slug', includeSearch: false }}
                className={linkClass}
                onClick={onLeave}
              >
                <Icon source={icon} />
                {label}
              </Link>
            </li>
          ))}
        </Group>
      )}
    </nav>
  );
}

function Group({ label, children }: { label: string; children: ReactNode }) {
  const id = useId();
  return (
    <div>
      <p id={id} className="mb-1 truncate px-2.5 text-xs font-medium text-quiet" title={label}>
        {label}
      </p>
      <ul aria-labelledby={id} className="space-y-0.5">
        {children}
      </ul>
    </div>
  );
}
