import { useQuery } from '@tanstack/react-query';
import { Shield } from 'lucide-react';
import { useDeferredValue } from 'react';

import { explainError } from '#console/lib/api/errors.ts';
import { Alert } from '#console/ui/alert.tsx';
import { Button } from '#console/ui/button.tsx';
import { EmptyState } from '#console/ui/empty-state.tsx';
import { SkeletonRows } from '#console/ui/skeleton.tsx';

import type { Go, OpenRules } from '../picture/picture-layout.ts';
import { projectAccessQuery, type ProjectAccess } from './access.queries.ts';
import { RightsTable } from './rights-table.tsx';

interface AccessPanelProps {
  readonly projectRef: string;
  /** The text that was planned last, so that each pause in typing makes one request. */
  readonly sdl: string;
  /** Whether the text has a problem. */
  readonly hasProblems: boolean;
  readonly onGo: Go;
  readonly onRules: OpenRules;
}

/** What the access rules of the text permit. Load it lazily. */
export default function AccessPanel(props: AccessPanelProps) {
  const { projectRef, hasProblems, onGo, onRules } = props;
  const sdl = useDeferredValue(props.sdl);
  const isEmpty = sdl.trim() === '';
  const { data, error, refetch, isPlaceholderData } = useQuery({
    ...projectAccessQuery(projectRef, sdl),
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
