import { Workflow } from 'lucide-react';
import { lazy, Suspense } from 'react';

import type { SdlOutline } from '#console/lib/sdl/outline.ts';
import { EmptyState } from '#console/ui/empty-state.tsx';
import { Spinner } from '#console/ui/spinner.tsx';

import { OutlineList } from './outline-list.tsx';
import type { Go, OpenRules } from './picture-layout.ts';

const ModelPicture = lazy(() => import('./model-picture.tsx'));

interface PicturePanelProps {
  readonly outline: SdlOutline;
  readonly onGo: Go;
  readonly onRules: OpenRules;
}

/** The last schema without syntax errors, as a diagram and as text. */
export function PicturePanel({ outline, onGo, onRules }: PicturePanelProps) {
  if (outline.types.length + outline.enums.length === 0) {
    return (
      <EmptyState
        icon={Workflow}
        title="Diagram"
        description="Types and their relations appear here as you write the schema."
        className="m-4 py-8"
      />
    );
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div role="group" aria-label="Schema diagram" className="min-h-72 flex-1">
        <Suspense fallback={<Loading />}>
          <ModelPicture outline={outline} onGo={onGo} onRules={onRules} />
        </Suspense>
      </div>
      <details className="max-h-1/2 shrink-0 overflow-y-auto border-t border-line">
        <summary className="cursor-pointer px-4 py-2.5 font-medium -outline-offset-2 select-none">
          Show as text
        </summary>
        <OutlineList outline={outline} onGo={onGo} onRules={onRules} />
      </details>
    </div>
  );
}

function Loading() {
  return (
    <div className="grid h-full place-items-center" role="status" aria-label="Loading the diagram">
      <Spinner />
    </div>
  );
}
