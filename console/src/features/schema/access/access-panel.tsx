import { useQuery } from '@tanstack/react-query';
import { Shield } from 'lucide-react';
import { useDeferredValue, useState } from 'react';

import type { Project } from '#console/domain/project.queries.ts';
import { explainError } from '#console/lib/api/errors.ts';
import { Alert } from '#console/ui/alert.tsx';
import { Button } from '#console/ui/button.tsx';
import { EmptyState } from '#console/ui/empty-state.tsx';
import { Segmented } from '#console/ui/segmented.tsx';
import { SkeletonRows } from '#console/ui/skeleton.tsx';

import type { Go, OpenRules } from '../picture/picture-layout.ts';
import { projectAccessQuery, type ProjectAccess } from './access.queries.ts';
import { RightsTable } from './rights-table.tsx';
import type { Simulation } from './simulation.ts';
import { Simulator } from './simulator.tsx';

interface AccessPanelProps {
  readonly project: Project;
  /** The text that was planned last, so that each pause in typing makes one request. */
  readonly sdl: string;
  /** Whether the text in the editor is the applied schema. */
  readonly isApplied: boolean;
  /** Whether the text has a problem. */
  readonly hasProblems: boolean;
  readonly onGo: Go;
  readonly onRules: OpenRules;
}

const parts = [
  { value: 'RIGHTS', label: 'Rights' },
  { value: 'SIMULATOR', label: 'Simulator' },
] as const;

/** What the access rules of the text permit, and a simulator of requests. Load it lazily. */
export default function AccessPanel(props: AccessPanelProps) {
  const [part, setPart] = useState<'RIGHTS' | 'SIMULATOR'>('RIGHTS');
  const [written, setWritten] = useState<Partial<Simulation>>({});
  return (
    <>
      <div className="px-4 pt-3.5">
        <Segmented label="Show" options={parts} value={part} onValueChange={setPart} />
      </div>
      {part === 'RIGHTS' ? (
        <Rights {...props} />
      ) : (
        <Simulator
          project={props.project}
          isApplied={props.isApplied}
          written={written}
          onWritten={setWritten}
          onGo={props.onGo}
        />
      )}
    </>
  );
}

function Rights(props: AccessPanelProps) {
  const { project, hasProblems, onGo, onRules } = props;
  const sdl = useDeferredValue(props.sdl);
  const isEmpty = sdl.trim() === '';
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...projectAccessQuery(project.ref, sdl),
    enabled: !hasProblems && !isEmpty,
  });
  if (error !== null) {
    return (
      <div className="p-4">
        <Alert
          tone="danger"
          role="alert"
          title="The access rules couldn’t be read"
          actions={
            <Button size="sm" onClick={() => void refetch()}>
              Try again
            </Button>
          }
        >
          {explainError(error)}
        </Alert>
      </div>
    );
  }
  if (isEmpty) return <Hint text="Access rules appear here as you write the schema." />;
  if (hasProblems || data === null) {
    return <Hint text="Fix the problems in the schema to see who can do what." />;
  }
  if (data === undefined) {
    return (
      <div aria-busy="true" aria-label="Reading the access rules" role="status" className="p-4">
        <SkeletonRows rows={6} />
      </div>
    );
  }
  return (
    <div aria-busy={isPlaceholderData}>
      {!hasRules(data) && <NoRules access={data} onRules={onRules} />}
      {hasRules(data) && <RightsTable access={data} onGo={onGo} onRules={onRules} />}
    </div>
  );
}

const hasRules = ({ models }: ProjectAccess): boolean =>
  models.some(({ rules, fields }) => rules.length > 0 || fields.length > 0);

const Hint = ({ text }: { text: string }) => (
  <EmptyState icon={Shield} title="Access" description={text} className="m-4 py-8" />
);

function NoRules({ access, onRules }: { access: ProjectAccess; onRules: OpenRules }) {
  const [first] = access.models;
  return (
    <EmptyState
      icon={Shield}
      title="No access rules"
      description="Only secret keys and members of your organization can use this API. With access rules, apps can call it directly, as their users."
      action={
        first !== undefined && (
          <Button onClick={() => onRules(access.userModel ?? first.model)}>
            Write the rules of {access.userModel ?? first.model}
          </Button>
        )
      }
      className="m-4 py-8"
    />
  );
}
