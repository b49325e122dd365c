import { lazy, Suspense, useId, type Ref } from 'react';

import { Button } from '#console/ui/button.tsx';
import { Kbd } from '#console/ui/kbd.tsx';
import { Skeleton } from '#console/ui/skeleton.tsx';

import type { SdlProblem } from '../problems.ts';
import { ProblemList } from './problem-list.tsx';
import type { SdlEditorHandle } from './sdl-editor.tsx';

const SdlEditor = lazy(() => import('./sdl-editor.tsx'));

interface EditorPanelProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly onPlan: () => void;
  readonly problems: readonly SdlProblem[];
  readonly isReadOnly: boolean;
  /** Discards the changes since the last apply; null if there are none. */
  readonly onDiscard: (() => void) | null;
  readonly editor: Ref<SdlEditorHandle>;
  readonly onGo: (line: number, column: number) => void;
}

/** The editor, the list of problems, and keyboard help. */
export function EditorPanel({ text, problems, editor, onDiscard, ...rest }: EditorPanelProps) {
  const { onChange, onPlan, isReadOnly, onGo } = rest;
  const helpId = useId();
  return (
    <section
      aria-label="Schema editor"
      className="flex h-[55dvh] min-h-80 min-w-0 flex-col overflow-hidden rounded-lg border border-line bg-surface shadow-xs lg:h-full"
    >
      <div className="min-h-0 flex-1">
        <Suspense fallback={<Loading />}>
          <SdlEditor
            ref={editor}
            value={text}
            onChange={onChange}
            onPlan={onPlan}
            problems={problems}
            isReadOnly={isReadOnly}
            label="Schema, in GraphQL SDL"
            describedBy={helpId}
          />
        </Suspense>
      </div>
      {problems.length > 0 && <ProblemList problems={problems} onGo={onGo} />}
      <footer className="flex min-h-11 shrink-0 max-sm:min-h-0 max-sm:has-[>:only-child]:sr-only flex-wrap items-center justify-between gap-x-4 gap-y-1 border-t border-line bg-sunken/50 px-4 py-1.5">
        <p id={helpId} className="text-xs text-quiet max-sm:sr-only">
          {isReadOnly ? (
            <>
              Press <Kbd>Ctrl F</Kbd> to search.
            </>
          ) : (
            <>
              Press <Kbd>Esc</Kbd>, then <Kbd>Tab</Kbd> to leave the editor. Press <Kbd>Ctrl S</Kbd>{' '}
              to update the plan immediately.
            </>
          )}
        </p>
        {onDiscard !== null && (
          <Button size="sm" variant="ghost" onClick={onDiscard}>
            Discard changes
          </Button>
        )}
      </footer>
    </section>
  );
}

function Loading() {
  return (
    <div className="space-y-2.5 p-4" role="status" aria-label="Loading the editor">
      <Skeleton className="w-1/3" />
      <Skeleton className="w-1/2" />
      <Skeleton className="w-2/5" />
    </div>
  );
}
