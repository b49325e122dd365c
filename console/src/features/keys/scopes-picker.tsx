import { useId, useState } from 'react';

import type { ApiKeyKind } from '#console/gql/graphql.ts';
import { Checkbox } from '#console/ui/checkbox.tsx';
import { RadioCards } from '#console/ui/radio-cards.tsx';

import { ModelScopes } from './model-scopes.tsx';
import { grantOf, presetOf, presets, scopesOf, type Grant, type Preset } from './scopes.ts';

interface ScopesPickerProps {
  readonly kind: ApiKeyKind;
  readonly value: string[];
  readonly onValueChange: (scopes: string[]) => void;
  /** The models in the applied schema. */
  readonly models: readonly string[];
  readonly error: string | undefined;
}

const options: readonly { value: Preset | 'CUSTOM'; label: string; description: string }[] = [
  { value: 'READ', label: 'Read only', description: 'Read rows in all models.' },
  { value: 'FULL', label: 'Full data access', description: 'Read and write rows in all models.' },
  {
    value: 'CI',
    label: 'Deploy from CI',
    description: 'Plan and apply the schema. No access to rows.',
  },
  {
    value: 'CUSTOM',
    label: 'Custom',
    description: 'Choose individual models, or combine data and schema access.',
  },
];

/** Selects a key's scopes: a preset, or individual scopes. */
export function ScopesPicker({ kind, value, onValueChange, models, error }: ScopesPickerProps) {
  const [isCustom, setIsCustom] = useState(presetOf(value) === null);
  return (
    <div className="space-y-3">
      <RadioCards
        label="Scopes"
        columns={2}
        options={options.filter(({ value: each }) => kind === 'SECRET' || each !== 'CI')}
        value={isCustom ? 'CUSTOM' : (presetOf(value) ?? 'CUSTOM')}
        onValueChange={(choice) => {
          setIsCustom(choice === 'CUSTOM');
          if (choice !== 'CUSTOM') onValueChange([...presets[choice]]);
        }}
        error={error}
      />
      {isCustom && (
        <CustomScopes
          kind={kind}
          models={models}
          grant={grantOf(value)}
          onGrant={(grant) => onValueChange(scopesOf(grant))}
        />
      )}
    </div>
  );
}

interface CustomScopesProps {
  readonly kind: ApiKeyKind;
  readonly models: readonly string[];
  readonly grant: Grant;
  readonly onGrant: (grant: Grant) => void;
}

function CustomScopes({ kind, models, grant, onGrant }: CustomScopesProps) {
  const headingId = useId();
  return (
    <div className="space-y-4 rounded-lg border border-line p-4">
      <ModelScopes models={models} grant={grant} onGrant={onGrant} />
      <div role="group" aria-labelledby={headingId} className="space-y-2">
        <p id={headingId} className="font-medium">
          Schema
        </p>
        <Checkbox
          label="Read the schema"
          description="Includes planning changes and introspecting the API."
          checked={grant.schemaRead}
          onCheckedChange={(schemaRead) => onGrant({ ...grant, schemaRead })}
        />
        {kind === 'SECRET' && (
          <Checkbox
            label="Apply a schema"
            description="Can change tables and delete their data."
            checked={grant.schemaApply}
            onCheckedChange={(schemaApply) => onGrant({ ...grant, schemaApply })}
          />
        )}
      </div>
    </div>
  );
}
