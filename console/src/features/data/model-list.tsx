import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';

import type { ProjectModels } from '#console/domain/models/project-models.ts';
import type { ViewAs } from '#console/lib/api/view-as.ts';
import { cn } from '#console/ui/cn.ts';
import { Select } from '#console/ui/select.tsx';

import { countsQuery } from './data.queries.ts';

interface ModelListProps {
  readonly projectRef: string;
  readonly models: ProjectModels;
  /** The model that is shown; null if none is. */
  readonly current: string | null;
  readonly viewAs: ViewAs | null;
}

/** The project's models with their row counts, shown as a select on narrow screens. */
export function ModelList({ projectRef, models, current, viewAs }: ModelListProps) {
  const navigate = useNavigate();
  const { data: counts } = useQuery(countsQuery(projectRef, models, viewAs));
  const countOf = (name: string) => counts?.get(name)?.toLocaleString('en') ?? '';
  return (
    <>
      <nav aria-label="Models" className="max-lg:hidden">
        <ul className="sticky top-4 max-h-[calc(100dvh-6rem)] space-y-0.5 overflow-y-auto">
          {models.map(({ name, description }) => (
            <li key={name}>
              <Link
                to="/projects/$ref/data/$model"
                params={{ ref: projectRef, model: name }}
                search={{}}
                title={description ?? undefined}
                // By default, the router does not mark the current model if the URL has search parameters.
                activeOptions={{ includeSearch: false }}
                className={cn(
                  'flex items-center justify-between gap-3 rounded-md px-2.5 py-1.5 hover:bg-ink/6',
                  name === current ? 'bg-accent-soft font-medium text-accent' : 'text-ink',
                )}
              >
                <span className="min-w-0 truncate">{name}</span>{' '}
                <span className="text-xs text-quiet tabular-nums">{countOf(name)}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Select
        className="lg:hidden"
        label="Model"
        options={models.map(({ name }) => ({
          value: name,
          label: counts === undefined ? name : `${name} (${countOf(name)})`,
        }))}
        value={current}
        onValueChange={(name) =>
          void navigate({
            to: '/projects/$ref/data/$model',
            params: { ref: projectRef, model: name },
            search: {},
          })
        }
      />
    </>
  );
}
