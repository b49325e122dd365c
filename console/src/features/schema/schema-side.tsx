import { lazy, Suspense, useState } from 'react';

import type { Project } from '#console/domain/project.queries.ts';
import type { Hazard } from '#console/gql/graphql.ts';
import { explainError, isApiError } from '#console/lib/api/errors.ts';
import type { SdlOutline } from '#console/lib/sdl/outline.ts';
import { SkeletonRows } from '#console/ui/skeleton.tsx';
import { TabPanel, Tabs } from '#console/ui/tabs.tsx';
import { toast } from '#console/ui/toast.ts';

import type { Go, OpenRules } from './picture/picture-layout.ts';
import { PicturePanel } from './picture/picture-panel.tsx';
import { PlanPanel } from './plan/plan-panel.tsx';
import type { SchemaPlan } from './schema.queries.ts';
import type { SchemaView } from './schema-views.ts';
import { useApply } from './use-apply.ts';
import type { PlanState } from './use-plan.ts';

interface SchemaSideProps {
  readonly project: Project;
  readonly view: SchemaView;
  readonly onView: (view: SchemaView) => void;
  readonly state: PlanState;
  readonly version: number | null;
  readonly applyReason: string | null;
  readonly isViewer: boolean;
  readonly outline: SdlOutline;
  readonly onGo: Go;
  readonly onRules: OpenRules;
  readonly text: string;
  /** The text after the last pause in typing. */
  readonly settled: string;
  readonly hasProblems: boolean;
  /** Whether the text is the applied schema. */
  readonly isApplied: boolean;
  /** Called after the text is applied. */
  readonly onApplied: () => void;
}

const AccessPanel = lazy(() => import('./access/access-panel.tsx'));

/** The panel beside the editor: the migration plan, the diagram, or the access rules. */
export function SchemaSide(props: SchemaSideProps) {
  const { project, view, onView, state, outline, onGo, onRules, text } = props;
  const apply = useApply(project.ref);
  // Show the outcome only while the text has not changed since it was applied.
  const [appliedText, setAppliedText] = useState<string | null>(null);
  const isOfThisText = appliedText === text;

  const applyPlan = (plan: SchemaPlan, acceptHazards: readonly Hazard[]) => {
    setAppliedText(text);
    apply.mutate(
      { sdl: text, plan, acceptHazards },
      {
        onSuccess: (outcome) => {
          if (outcome.kind !== 'APPLIED') return;
          props.onApplied();
          toast.success(`Version ${outcome.version} is applied.`);
        },
      },
    );
  };
  const steps = state.kind === 'PLAN' ? { count: state.plan.steps.length } : {};
  return (
    <section
      aria-label="Plan, diagram and access"
      className="min-w-0 overflow-hidden rounded-lg border border-line bg-surface shadow-xs lg:h-full"
    >
      <Tabs
        value={view}
        onValueChange={onView}
        label="Plan, diagram or access"
        tabs={[
          { value: 'plan', label: 'Plan', ...steps },
          { value: 'picture', label: 'Diagram', count: outline.types.length },
          { value: 'access', label: 'Access' },
        ]}
        className="h-full gap-0"
      >
        <TabPanel value="plan" className="flex min-h-0 flex-1 flex-col">
          <PlanPanel
            {...props}
            projectRef={project.ref}
            outcome={isOfThisText ? (apply.data ?? null) : null}
            applyError={isOfThisText && apply.error !== null ? explainApply(apply.error) : null}
            isApplying={apply.isPending}
            onApply={applyPlan}
          />
        </TabPanel>
        <TabPanel value="picture" className="h-[70dvh] min-h-0 flex-1 lg:h-auto">
          <PicturePanel outline={outline} onGo={onGo} onRules={onRules} />
        </TabPanel>
        <TabPanel value="access" className="min-h-0 flex-1 overflow-y-auto">
          <Suspense fallback={<SkeletonRows rows={6} />}>
            <AccessPanel
              project={project}
              isApplied={props.isApplied}
              sdl={props.settled}
              hasProblems={props.hasProblems}
              onGo={onGo}
              onRules={onRules}
            />
          </Suspense>
        </TabPanel>
      </Tabs>
    </section>
  );
}

/** After a network error, it is unknown whether the schema was applied. */
function explainApply(error: Error): string {
  if (!isApiError(error, 'NETWORK')) return explainError(error);
  return `${error.message} The schema might have been applied. Check the versions before you try again.`;
}
