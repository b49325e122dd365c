import { EyeOff } from 'lucide-react';

import { ViewAsBanner, ViewAsButton } from '#console/components/view-as/view-as-control.tsx';
import type { ProjectModels } from '#console/domain/models/project-models.ts';
import type { Project } from '#console/domain/project.queries.ts';
import type { ViewAs } from '#console/lib/api/view-as.ts';
import { EmptyState } from '#console/ui/empty-state.tsx';
import { Page } from '#console/ui/page.tsx';

import { ModelList } from './model-list.tsx';

interface NothingVisibleProps {
  readonly project: Project;
  /** The model that the caller cannot see; null if the caller sees none. */
  readonly model: string | null;
  /** The models that the caller sees. */
  readonly models: ProjectModels;
  readonly viewAs: ViewAs;
}

/** The data page for a model that the caller, as whom the member views the project, cannot see. */
export function NothingVisible({ project, model, models, viewAs }: NothingVisibleProps) {
  return (
    <Page width="full" title={model ?? 'Data'} actions={<ViewAsButton project={project} />}>
      <ViewAsBanner project={project} />
      <div className="grid min-w-0 gap-6 lg:grid-cols-[12rem_minmax(0,1fr)]">
        <ModelList projectRef={project.ref} models={models} current={model} viewAs={viewAs} />
        <EmptyState
          icon={EyeOff}
          title={model === null ? 'No models are visible' : `${model} is not visible`}
          description="No access rule permits READ to this caller, so that the API of this caller does not contain it."
        />
      </div>
    </Page>
  );
}
