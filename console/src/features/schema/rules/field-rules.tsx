import { ChevronRight } from 'lucide-react';
import { useState } from 'react';

import {
  addDirective,
  printPreset,
  printRule,
  removeDirective,
  replaceSpan,
} from '#console/lib/sdl/edit-rules.ts';
import type { PresetDraft, WrittenField } from '#console/lib/sdl/written-rules.ts';
import { Button } from '#console/ui/button.tsx';
import { Checkbox } from '#console/ui/checkbox.tsx';

import { PresetForm } from './preset-form.tsx';
import { RuleList, type RuleEditing } from './rule-list.tsx';

interface FieldRulesProps extends RuleEditing {
  readonly type: string;
  readonly field: WrittenField;
  readonly onWrite: (sdl: string) => void;
}

/** What end users can do with a field: `@private`, `@preset` and its rules. */
export function FieldRules(props: FieldRulesProps) {
  const { type, field, sdl, onWrite } = props;
  const summary = summaryOf(field);
  return (
    <details className="group">
      <summary className="flex cursor-pointer flex-wrap gap-x-3 gap-y-0.5 rounded-sm py-2 select-none">
        <ChevronRight
          aria-hidden="true"
          className="mt-0.5 -mr-1.5 size-4 text-quiet transition-transform group-open:rotate-90"
        />
        <span className="font-mono font-semibold">{field.name}</span>
        <span className="font-mono text-quiet">{field.type}</span>
        <span className="ml-auto text-quiet">{summary}</span>
      </summary>
      <div className="space-y-4 pb-4 pl-3">
        <PrivateToggle {...props} />
        <Preset {...props} />
        {field.isKey ? (
          <p className="text-quiet">A key has no rules.</p>
        ) : (
          <RuleList
            {...props}
            target={{ type, field: field.name }}
            rules={field.rules}
            onAdd={(rule) => onWrite(addDirective(sdl, field, printRule(rule)))}
            onChange={(rule, by) => onWrite(replaceSpan(sdl, rule, printRule(by)))}
            onRemove={(rule) => onWrite(removeDirective(sdl, rule))}
          />
        )}
      </div>
    </details>
  );
}

function summaryOf({ private: hidden, preset, rules }: WrittenField): string {
  const parts = [
    ...(hidden === null ? [] : ['private']),
    ...(preset === null ? [] : ['preset']),
    ...(rules.length === 0 ? [] : [rules.length === 1 ? '1 rule' : `${rules.length} rules`]),
  ];
  return parts.length === 0 ? 'as the model' : parts.join(', ');
}

function PrivateToggle({ field, sdl, readOnlyReason, onWrite }: FieldRulesProps) {
  const { private: hidden, isKey } = field;
  return (
    <Checkbox
      label={
        <>
          Private<span className="sr-only"> field {field.name}</span>
        </>
      }
      description="End users never see or write the field. Filters of rules can use it."
      disabled={readOnlyReason !== null || isKey}
      checked={hidden !== null}
      onCheckedChange={() =>
        onWrite(
          hidden === null ? addDirective(sdl, field, '@private') : removeDirective(sdl, hidden),
        )
      }
    />
  );
}

function Preset({ type, field, sdl, readOnlyReason, onWrite, onEditing }: FieldRulesProps) {
  const { preset } = field;
  const [isEdited, setIsEdited] = useState(false);
  const edit = (next: boolean) => {
    setIsEdited(next);
    onEditing(next);
  };
  const save = (draft: PresetDraft | null) => {
    edit(false);
    if (draft === null) {
      if (preset !== null) onWrite(removeDirective(sdl, preset));
      return;
    }
    const printed = printPreset(draft);
    onWrite(
      preset === null ? addDirective(sdl, field, printed) : replaceSpan(sdl, preset, printed),
    );
  };
  if (isEdited) {
    return (
      <PresetForm
        type={type}
        field={field}
        sdl={sdl}
        onSubmit={save}
        onCancel={() => edit(false)}
      />
    );
  }
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
      {preset !== null && (
        <span className="wrap-anywhere">
          Preset to <code className="font-mono text-[0.8125rem]">{preset.draft.value}</code>
        </span>
      )}
      <Button size="sm" disabledReason={readOnlyReason} onClick={() => edit(true)}>
        {preset === null ? 'Set a preset' : 'Change the preset'}
        <span className="sr-only"> of {field.name}</span>
      </Button>
    </p>
  );
}
