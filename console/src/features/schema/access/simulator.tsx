import { useMutation, useQuery } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';

import { UserPicker } from '#console/components/user-picker/user-picker.tsx';
import { useUserModel } from '#console/components/user-picker/use-user-model.ts';
import { appQuery } from '#console/domain/models/app-query.ts';
import { firstQuery } from '#console/domain/models/first-query.ts';
import { projectModelsQuery } from '#console/domain/models/project-models.queries.ts';
import { projectSchemaQuery } from '#console/domain/project-schema.queries.ts';
import { whyNot } from '#console/domain/permissions.ts';
import type { Project } from '#console/domain/project.queries.ts';
import { ExplainAccessDocument } from '#console/gql/graphql.ts';
import { explainError, isApiError } from '#console/lib/api/errors.ts';
import { request } from '#console/lib/api/management.ts';
import { expectSuccess } from '#console/lib/api/results.ts';
import { audienceMeanings } from '#console/lib/sdl/access-directives.ts';
import { audiences } from '#console/lib/sdl/written-rules.ts';
import { Button } from '#console/ui/button.tsx';
import { Field } from '#console/ui/field.tsx';
import { FormError } from '#console/ui/form-error.tsx';
import { Textarea } from '#console/ui/input.tsx';
import { Select } from '#console/ui/select.tsx';

import type { Go } from '../picture/picture-layout.ts';
import { Explanation } from './explanation.tsx';
import {
  simulationErrors,
  simulationInput,
  type Simulation,
  type SimulationErrors,
} from './simulation.ts';

interface SimulatorProps {
  readonly project: Project;
  /** Whether the text in the editor is the applied schema. */
  readonly isApplied: boolean;
  /** What was entered. It is kept while the rights are shown. */
  readonly written: Partial<Simulation>;
  readonly onWritten: (written: Partial<Simulation>) => void;
  readonly onGo: Go;
}

/** Runs an operation as a caller to whom the rules of the applied schema apply, and shows which rules decide. */
export function Simulator(props: SimulatorProps) {
  const { project, isApplied, written, onWritten, onGo } = props;
  const { ref, schema, organization } = project;
  const models = useQuery({
    ...projectModelsQuery(ref, schema?.version ?? 0),
    enabled: schema !== null,
  });
  const applied = useQuery(projectSchemaQuery(ref));
  const [errors, setErrors] = useState<SimulationErrors>({});
  const audience = written.audience ?? 'PUBLIC';
  const [first] = models.data ?? [];
  const query =
    appQuery(models.data ?? [], applied.data?.sdl ?? '', audience) ??
    (first === undefined ? '' : firstQuery(first));
  const simulation: Simulation = {
    audience,
    userId: null,
    claims: '',
    query,
    variables: '',
    ...written,
  };
  const explain = useMutation({
    mutationFn: async () => {
      const input = simulationInput(ref, simulation);
      const { explainAccess } = await request(ExplainAccessDocument, { input });
      return expectSuccess(explainAccess, 'ExplainAccessSuccess').explanation;
    },
  });
  const run = (event: SubmitEvent) => {
    event.preventDefault();
    const found = simulationErrors(simulation);
    setErrors(found);
    if (Object.keys(found).length === 0) explain.mutate();
  };
  const reason =
    whyNot(organization.viewerRole, 'access:explain') ??
    (schema === null ? 'Apply the schema first. The simulator uses the applied schema.' : null);
  return (
    <div className="space-y-5 p-4">
      <form noValidate aria-label="Simulate a request" onSubmit={run} className="space-y-4">
        <p className="text-quiet">
          Run an operation as another caller. Nothing is changed: a mutation is rolled back.
          {!isApplied && ' The applied schema decides, without your changes.'}
        </p>
        <SimulationFields
          project={project}
          simulation={simulation}
          errors={errors}
          onChange={(part) => onWritten({ ...written, ...part })}
        />
        <FormError>{explain.error === null ? null : reasonOf(explain.error)}</FormError>
        <Button
          type="submit"
          variant="primary"
          icon={Play}
          isLoading={explain.isPending}
          disabledReason={reason}
        >
          Run
        </Button>
      </form>
      {explain.data !== undefined && (
        <Explanation explanation={explain.data} onGo={isApplied ? onGo : null} />
      )}
    </div>
  );
}

function reasonOf(error: Error): string {
  const issues = isApiError(error) ? error.issues.map(({ message }) => message) : [];
  return issues.length === 0 ? explainError(error) : issues.join(' ');
}

interface SimulationFieldsProps {
  readonly project: Project;
  readonly simulation: Simulation;
  readonly errors: SimulationErrors;
  readonly onChange: (part: Partial<Simulation>) => void;
}

const callers = { PUBLIC: 'Signed out', GUEST: 'A guest', USER: 'A user' } as const;

function SimulationFields({ project, simulation, errors, onChange }: SimulationFieldsProps) {
  const { audience, userId, claims, query, variables } = simulation;
  const { model, reason } = useUserModel(project);
  return (
    <>
      <Field label="Caller" help={audienceMeanings[audience]}>
        <Select
          options={audiences.map((value) => ({ value, label: callers[value] }))}
          value={audience}
          onValueChange={(next) => onChange({ audience: next })}
        />
      </Field>
      {audience !== 'PUBLIC' && (
        <>
          {model === null ? (
            <p className="text-quiet">{reason}</p>
          ) : (
            <UserPicker
              projectRef={project.ref}
              model={model}
              value={userId}
              isOptional
              onValueChange={(next) => onChange({ userId: next })}
            />
          )}
          <Field
            label="Claims of the token"
            isOptional
            help="A JSON object, with the names in the @claims type."
            error={errors.claims}
          >
            <Code
              value={claims}
              rows={2}
              placeholder={'{ "role": "EDITOR" }'}
              onValueChange={(text) => onChange({ claims: text })}
            />
          </Field>
        </>
      )}
      <Field label="Operation" error={errors.query}>
        <Code value={query} rows={4} onValueChange={(text) => onChange({ query: text })} />
      </Field>
      <Field label="Variables" isOptional help="A JSON object." error={errors.variables}>
        <Code value={variables} rows={2} onValueChange={(text) => onChange({ variables: text })} />
      </Field>
    </>
  );
}

interface CodeProps {
  readonly value: string;
  readonly rows: number;
  readonly placeholder?: string;
  readonly onValueChange: (text: string) => void;
}

function Code({ onValueChange, ...rest }: CodeProps) {
  return (
    <Textarea
      {...rest}
      spellCheck={false}
      className="field-sizing-content max-h-80 font-mono text-[0.8125rem]"
      onChange={({ target }) => onValueChange(target.value)}
    />
  );
}
