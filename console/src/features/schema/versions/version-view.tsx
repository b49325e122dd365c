import { useSuspenseQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';

import { Button } from '#console/ui/button.tsx';
import { Card, CardHeader } from '#console/ui/card.tsx';
import { ConfirmDialog } from '#console/ui/confirm-dialog.tsx';
import { Skeleton } from '#console/ui/skeleton.tsx';
import { Time } from '#console/ui/time.tsx';

import { draft } from '../draft.ts';
import { PlanSteps } from '../plan/plan-steps.tsx';
import { ComparePicker } from './compare-picker.tsx';
import { NoVersion } from './no-version.tsx';
import { versionQuery, type WholeVersion } from './versions.queries.ts';

const SdlEditor = lazy(() => import('../editor/sdl-editor.tsx'));

interface VersionViewProps {
  readonly projectRef: string;
  readonly number: number;
  readonly newest: number;
  /** Why the version cannot be opened in the editor; null if it can. */
  readonly editReason: string | null;
}

/** One version: its text and its migration plan. */
export function VersionView({ projectRef, number, newest, editReason }: VersionViewProps) {
  const { data: version } = useSuspenseQuery(versionQuery(projectRef, number));
  if (version === null) return <NoVersion number={number} />;
  const others = newest > 1 ? { projectRef, newest } : null;
  return (
    <div className="min-w-0 space-y-4">
      <Card className="overflow-hidden">
        <CardHeader
          title={`Version ${number}`}
          description={
            <>
              Applied <Time value={version.appliedAt} /> by{' '}
              {version.appliedBy.label ?? 'unknown user'}
            </>
          }
          actions={
            <EditAgain projectRef={projectRef} version={version} disabledReason={editReason} />
          }
        />
        {others !== null && (
          <div className="px-5 pt-3 max-sm:px-4">
            <ComparePicker {...others} to={number} from={null} />
          </div>
        )}
        <VersionText number={number} sdl={version.sdl} />
      </Card>
      <Card className="overflow-hidden">
        <CardHeader
          title="Migration plan"
          description={
            version.plan.steps.length === 0
              ? 'Only the schema text changed. The tables did not.'
              : 'These steps were applied.'
          }
          className="pb-3"
        />
        <PlanSteps steps={version.plan.steps} />
      </Card>
    </div>
  );
}

const ignore = () => undefined;

function VersionText({ number, sdl }: { number: number; sdl: string }) {
  return (
    <div className="mt-3 h-[60dvh] border-t border-line">
      <Suspense fallback={<Skeleton className="m-4 w-1/3" />}>
        <SdlEditor
          key={number}
          value={sdl}
          onChange={ignore}
          onPlan={ignore}
          problems={noProblems}
          isReadOnly
          label={`Schema of version ${number}`}
          describedBy=""
        />
      </Suspense>
    </div>
  );
}

const noProblems = [] as const;

interface EditAgainProps {
  readonly projectRef: string;
  readonly version: WholeVersion;
  readonly disabledReason: string | null;
}

/** Opens a version's text in the editor, which then shows the migration plan for returning to that version. */
function EditAgain({ projectRef, version, disabledReason }: EditAgainProps) {
  const navigate = useNavigate();
  const [isAsking, setIsAsking] = useState(false);
  const edit = async () => {
    draft.write(projectRef, version.sdl);
    await navigate({ to: '/projects/$ref/schema', params: { ref: projectRef } });
  };
  const begin = () => {
    const written = draft.read(projectRef);
    if (written === null || written === version.sdl) void edit();
    else setIsAsking(true);
  };
  return (
    <>
      <Button disabledReason={disabledReason} onClick={begin}>
        Open in the editor
      </Button>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setIsAsking}
        title="Replace your unapplied changes?"
        confirmLabel="Replace changes"
        onConfirm={edit}
      >
        <p>The editor contains unapplied changes. Opening this version will replace them.</p>
      </ConfirmDialog>
    </>
  );
}
