import { Link, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';

import { cn } from '#console/ui/cn.ts';

import { pageNames } from './places.ts';
import { OrganizationSwitcher, ProjectSwitcher } from './switchers.tsx';
import type { Scope } from './use-scope.ts';

const linkClass =
  'min-w-0 truncate rounded-md px-1.5 py-1 font-medium text-ink hover:bg-ink/6 max-w-52 max-sm:max-w-28';

/** Breadcrumbs: organization, project and page, with switchers for the organization and the project. */
export function Trail({ scope: { organization, project } }: { scope: Scope }) {
  const names = pageNames(useLocation({ select: ({ pathname }) => pathname }));
  return (
    <nav aria-label="Breadcrumbs" className="min-w-0 flex-1">
      <ol className="flex min-w-0 items-center">
        {organization !== null && (
          // A phone has room only for the project.
          <Crumb className={cn(project !== null && 'max-md:hidden')}>
            <Link to="/orgs/$slug" params={{ slug: organization.slug }} className={linkClass}>
              {organization.name}
            </Link>
            <OrganizationSwitcher slug={organization.slug} />
          </Crumb>
        )}
        {project !== null && organization !== null && (
          <Crumb className="max-md:not-first:before:hidden">
            <Link to="/projects/$ref" params={{ ref: project.ref }} className={linkClass}>
              {project.name}
            </Link>
            <ProjectSwitcher organization={organization} projectRef={project.ref} />
          </Crumb>
        )}
        {names.map((name, place) => (
          <Crumb key={name} className="max-md:hidden">
            <span
              aria-current={place === names.length - 1 ? 'location' : undefined}
              className="truncate px-1.5 text-quiet"
            >
              {name}
            </span>
          </Crumb>
        ))}
      </ol>
    </nav>
  );
}

interface CrumbProps {
  readonly className?: string;
  readonly children: ReactNode;
}

function Crumb({ className, children }: CrumbProps) {
  return (
    <li
      className={cn(
        'flex min-w-0 items-center',
        "not-first:before:mx-1 not-first:before:text-line-strong not-first:before:content-['/'/'']",
        className,
      )}
    >
      {children}
    </li>
  );
}
