import { useState, type SubmitEvent } from 'react';

import { valueProblem } from '#console/lib/sdl/edit-rules.ts';
import type { PresetDraft, WrittenField } from '#console/lib/sdl/written-rules.ts';
import { Button } from '#console/ui/button.tsx';
import { Checkbox } from '#console/ui/checkbox.tsx';

import { RuleInput } from './rule-input.tsx';

interface PresetFormProps {
  readonly type: string;
  readonly field: WrittenField;
  /** The whole SDL, for completion. */
  readonly sdl: string;
  /** `null` removes the preset. */
  readonly onSubmit: (preset: PresetDraft | null) => void;
  readonly onCancel: () => void;
}

/** A form for the value that a field gets when an end user writes a row. */
export function PresetForm({ type, field, sdl, onSubmit, onCancel }: PresetFormProps) {
  const [draft, setDraft] = useState<PresetDraft>(
    field.preset?.draft ?? { value: '', on: ['CREATE'] },
  );
  const [error, setError] = useState<string | null>(null);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const problem = valueProblem(draft.value);
    setError(problem);
    if (problem === null) onSubmit(draft);
  };
  return (
    <form
      noValidate
      aria-label={`Preset of ${field.name}`}
      onSubmit={submit}
      className="space-y-4 rounded-lg border border-line bg-paper p-4"
    >
      <RuleInput
        label="Value"
        help="A value of the field’s type, or a reference. End users cannot set the field."
        placeholder={'"$user.id"'}
        initial={draft.value}
        before={`${sdl}\ntype ${type} { ${field.name}: ${field.type} @preset(value: `}
        error={error}
        onChange={(value) => setDraft((current) => ({ ...current, value }))}
      />
      <Checkbox
        label="Also set it when a row is updated"
        checked={draft.on.includes('UPDATE')}
        onCheckedChange={(isChecked) =>
          setDraft((current) => ({ ...current, on: isChecked ? ['CREATE', 'UPDATE'] : ['CREATE'] }))
        }
      />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        {field.preset !== null && <Button onClick={() => onSubmit(null)}>Remove preset</Button>}
        <Button type="submit" variant="primary">
          Save preset
        </Button>
      </div>
    </form>
  );
}
