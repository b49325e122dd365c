import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { BookOpen, History } from 'lucide-react';
import { lazy, Suspense, useCallback, useMemo, useRef } from 'react';

import { can, whyNot } from '#console/domain/permissions.ts';
import { projectQuery } from '#console/domain/project.queries.ts';
import { countOf } from '#console/lib/count-of.ts';
import { Alert } from '#console/ui/alert.tsx';
import { buttonClass } from '#console/ui/button.tsx';
import { cn } from '#console/ui/cn.ts';
import { DocsLink } from '#console/ui/docs-link.tsx';
import { Page } from '#console/ui/page.tsx';
import { Time } from '#console/ui/time.tsx';

import { EditorPanel } from './editor/editor-panel.tsx';
import type { SdlEditorHandle } from './editor/sdl-editor.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import type { SdlProblem } from './problems.ts';
import { SchemaSide } from './schema-side.tsx';
import type { SchemaView } from './schema-views.ts';
import { projectSchemaQuery, type AppliedSchema } from '#console/domain/project-schema.queries.ts';
import { TemplateCards } from './templates/template-cards.tsx';
import { usePlan, type PlanState } from './use-plan.ts';
import { useOutline, useText } from './use-text.ts';

interface SchemaPageProps {
  readonly projectRef: string;
  readonly view: SchemaView;
  readonly onView: (view: SchemaView) => void;
  /** The model whose access rules are open; null if none are. */
  readonly rulesOf: string | null;
  readonly onRules: (model: string | null) => void;
}

const RulesPanel = lazy(() => import('./rules/rules-panel.tsx'));

const none: readonly SdlProblem[] = [];

/** The schema editor, with the migration plan or the diagram beside it. */
export function SchemaPage(props: SchemaPageProps) {
  const { projectRef, view, onView, rulesOf, onRules } = props;
  const project = useProject(projectRef);
  const { viewerCan, organization } = project;
  const { data: applied } = useSuspenseQuery(projectSchemaQuery(projectRef));
  const applyReason = whyNot(organization.viewerRole, 'schema:apply');
  const mayPlan = can(viewerCan, 'schema:plan');

  const { text, isDirty, write, discard } = useText(projectRef, applied?.sdl ?? '', mayPlan);
  const { outline, problem } = useOutline(text);
  const wanted = { ref: projectRef, text, applied, syntaxProblem: problem, mayPlan };
  const { state, settled, planNow } = usePlan(wanted);
  const editor = useRef<SdlEditorHandle>(null);
  // Memoized, because the diagram is laid out again whenever this function changes.
  const goTo = useCallback((line: number, column = 1) => editor.current?.goTo(line, column), []);
  const planned = state.kind === 'INVALID' ? state.problems : none;
  const problems = useMemo(() => (problem === null ? planned : [problem]), [problem, planned]);

  return (
    <Page
      width="full"
      title="Schema"
      description={<Description applied={applied} />}
      actions={
        <>
          <DocsLink page="schemaLanguage" className={buttonClass('ghost')}>
            <BookOpen aria-hidden="true" className="size-4" />
            Schema language
          </DocsLink>
          <VersionsLink projectRef={projectRef} />
        </>
      }
    >
      {!mayPlan && <Alert title="Read-only">{applyReason}</Alert>}
      {mayPlan && applied === null && text.trim() === '' && <TemplateCards onChoose={write} />}
      <div
        className={cn(
          'grid min-w-0 gap-4 lg:h-[calc(100dvh-11.5rem)] lg:min-h-120',
          view === 'picture'
            ? 'lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]'
            : 'lg:grid-cols-[minmax(0,6fr)_minmax(0,5fr)]',
        )}
      >
        <EditorPanel
          editor={editor}
          text={text}
          onChange={write}
          onPlan={planNow}
          problems={problems}
          isReadOnly={!mayPlan}
          onDiscard={isDirty && applied !== null ? discard : null}
          onGo={goTo}
        />
        <SchemaSide
          project={project}
          view={view}
          onView={onView}
          state={state}
          version={applied?.version ?? null}
          applyReason={applyReason}
          isViewer={!mayPlan}
          outline={outline}
          onGo={goTo}
          onRules={onRules}
          text={text}
          settled={settled}
          isApplied={applied !== null && !isDirty}
          hasProblems={problems.length > 0}
          onApplied={discard}
        />
      </div>
      <p role="status" className="sr-only">
        {announcement(state, problems.length)}
      </p>
      {rulesOf !== null && (
        <Suspense>
          <RulesPanel
            model={rulesOf}
            projectRef={projectRef}
            sdl={text}
            problems={problems}
            readOnlyReason={mayPlan ? null : applyReason}
            onWrite={write}
            onGo={goTo}
            onClose={() => onRules(null)}
          />
        </Suspense>
      )}
      <LeaveDialog projectRef={projectRef} isDirty={isDirty} onDiscard={discard} />
    </Page>
  );
}

function useProject(ref: string) {
  const { data: project } = useSuspenseQuery(projectQuery(ref));
  if (project === null)
    throw new Error('The parent route must not render this page without a project.');
  return project;
}

function Description({ applied }: { applied: AppliedSchema | null }) {
  if (applied === null) return 'Describe your data in GraphQL SDL to get an API for it.';
  return (
    <>
      Version {applied.version}, applied <Time value={applied.appliedAt} />
      {applied.appliedBy.label === null ? '' : ` by ${applied.appliedBy.label}`}
    </>
  );
}

function VersionsLink({ projectRef }: { projectRef: string }) {
  return (
    <Link
      to="/projects/$ref/schema/versions"
      params={{ ref: projectRef }}
      className={buttonClass('secondary')}
    >
      <History aria-hidden="true" className="size-4" />
      Versions
    </Link>
  );
}

/** Announces plan changes to screen readers. */
function announcement(state: PlanState, problems: number): string {
  if (problems > 0) return countOf(problems, 'problem in the schema', 'problems in the schema');
  if (state.kind === 'FAILED') return 'The migration couldn’t be planned.';
  if (state.kind !== 'PLAN' || !state.isCurrent) return '';
  const { steps, hazards } = state.plan;
  return `The plan has ${countOf(steps.length, 'step')} and ${countOf(hazards.length, 'hazard')}.`;
}
