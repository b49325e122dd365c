import { Link } from '@tanstack/react-router';

import { UsageSpark } from '#console/components/usage-spark.tsx';
import type { DashboardProjectFragment } from '#console/gql/graphql.ts';
import { Badge } from '#console/ui/badge.tsx';
import { Time } from '#console/ui/time.tsx';

import { dayInWords, lastActivity } from './last-activity.ts';

const count = new Intl.NumberFormat('en');

export function ProjectCard({ project }: { project: DashboardProjectFragment }) {
  const { name, ref, schema, usage } = project;
  const requests = usage.reduce((sum, day) => sum + day.requests, 0);
  return (
    <li className="group relative flex min-w-0 flex-col gap-4 rounded-lg border border-line bg-surface p-5 shadow-xs transition-colors focus-within:border-accent hover:border-line-strong">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="truncate text-[0.9375rem] font-semibold">
            {/* The link covers the whole card. */}
            <Link
              to="/projects/$ref"
              params={{ ref }}
              className="outline-offset-4 after:absolute after:inset-0 after:rounded-lg group-hover:text-accent"
            >
              {name}
            </Link>
          </h2>
          <p className="truncate font-mono text-xs text-quiet">{ref}</p>
        </div>
        {schema === null ? (
          <Badge>No schema</Badge>
        ) : (
          <Badge tone="accent">Schema v{schema.version}</Badge>
        )}
      </div>
      <div className="mt-auto flex items-end justify-between gap-3">
        <div className="min-w-0">
          <p className="tabular-nums">
            <span className="font-semibold">{count.format(requests)}</span>{' '}
            <span className="text-quiet">
              {requests === 1 ? 'request' : 'requests'} in the last 7 days
            </span>
          </p>
          <p className="truncate text-[0.8125rem] text-quiet">
            <LastActivity project={project} />
          </p>
        </div>
        <UsageSpark days={usage} />
      </div>
    </li>
  );
}

function LastActivity({ project }: { project: DashboardProjectFragment }) {
  const activity = lastActivity(project);
  switch (activity.kind) {
    case 'REQUEST':
      return `Last request ${dayInWords(activity.day, new Date())}`;
    case 'SCHEMA':
      return (
        <>
          Schema applied <Time value={activity.at} className="relative" />
        </>
      );
    case 'CREATED':
      return (
        <>
          Created <Time value={activity.at} className="relative" />
        </>
      );
  }
}
