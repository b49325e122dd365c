import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import {
  addDirective,
  addTypeRule,
  printRule,
  removeDirective,
  replaceSpan,
} from '#console/lib/sdl/edit-rules.ts';
import { readWrittenRules, type WrittenType } from '#console/lib/sdl/written-rules.ts';
import { Alert } from '#console/ui/alert.tsx';
import { Checkbox } from '#console/ui/checkbox.tsx';
import { ConfirmDialog } from '#console/ui/confirm-dialog.tsx';
import { SidePanel } from '#console/ui/side-panel.tsx';

import { projectAccessQuery } from '../access/access.queries.ts';
import type { SdlProblem } from '../problems.ts';
import { FieldRules } from './field-rules.tsx';
import { RuleList, type RuleEditing } from './rule-list.tsx';

interface RulesPanelProps {
  /** The model whose rules are shown. */
  readonly model: string;
  readonly projectRef: string;
  readonly sdl: string;
  readonly problems: readonly SdlProblem[];
  readonly readOnlyReason: string | null;
  readonly onWrite: (sdl: string) => void;
  readonly onGo: (line: number) => void;
  readonly onClose: () => void;
}

/** A side panel with the access rules of a model. Its forms edit the SDL. Load it lazily. */
export default function RulesPanel(props: RulesPanelProps) {
  const { model, projectRef, sdl, onGo, onClose, ...rest } = props;
  const sentences = useSentences(projectRef, sdl, rest.problems.length > 0);
  const types = useMemo(() => readWrittenRules(sdl), [sdl]);
  const type = types?.find(({ name }) => name === model);
  const [isEditing, setIsEditing] = useState(false);
  const [isLeaving, setIsLeaving] = useState(false);
  return (
    <SidePanel
      open
      onClose={() => (isEditing ? setIsLeaving(true) : onClose())}
      title={`Access to ${model}`}
      description="What end users of the project can do. Changes are written to the schema text. They take effect when you apply the plan."
    >
      {types === null || type === undefined ? (
        <Alert tone="warning">
          {types === null
            ? 'The schema has a syntax error. Fix it to see the rules.'
            : `The schema has no model ${model}.`}
        </Alert>
      ) : (
        <ModelRules
          {...rest}
          type={type}
          userModel={types.find(({ user }) => user !== null)?.name ?? null}
          sdl={sdl}
          sentences={sentences}
          onEditing={setIsEditing}
          onGo={(line) => {
            onClose();
            onGo(line);
          }}
        />
      )}
      <ConfirmDialog
        open={isLeaving}
        onOpenChange={setIsLeaving}
        title="Discard your changes?"
        cancelLabel="Keep editing"
        confirmLabel="Discard changes"
        onConfirm={() => {
          onClose();
          return Promise.resolve();
        }}
      >
        <p>The rule in the form is not written to the schema.</p>
      </ConfirmDialog>
    </SidePanel>
  );
}

/** The sentences of all rules, by line. */
function useSentences(
  projectRef: string,
  sdl: string,
  hasProblems: boolean,
): ReadonlyMap<number, readonly string[]> {
  const { data, isPlaceholderData } = useQuery({
    ...projectAccessQuery(projectRef, sdl),
    enabled: !hasProblems,
  });
  return useMemo(() => {
    // The lines of an earlier text can be wrong for this one.
    const models = isPlaceholderData || data == null ? [] : data.models;
    const rules = models.flatMap((of) => [
      ...of.rules,
      ...of.fields.flatMap((field) => field.rules),
    ]);
    const found = new Map<number, readonly string[]>();
    for (const { kind, line, sentence } of rules) {
      if (kind !== 'ALLOW' && kind !== 'REQUIRE') continue;
      found.set(line, [...(found.get(line) ?? []), sentence]);
    }
    return found;
  }, [data, isPlaceholderData]);
}

interface ModelRulesProps extends RuleEditing {
  readonly type: WrittenType;
  /** The model with `@user`; null if there is none. */
  readonly userModel: string | null;
  readonly onWrite: (sdl: string) => void;
}

function ModelRules(props: ModelRulesProps) {
  const { type, sdl, onWrite } = props;
  return (
    <div className="space-y-6">
      <UserToggle {...props} />
      <section aria-labelledby="model-rules" className="space-y-3">
        <h3 id="model-rules" className="font-semibold">
          Rules
        </h3>
        {type.rules.length === 0 && (
          <p className="text-quiet">
            Without a rule, end users cannot see or change any {type.name} row.
          </p>
        )}
        <RuleList
          {...props}
          target={{ type: type.name, field: null }}
          rules={type.rules}
          onAdd={(rule) => onWrite(addTypeRule(sdl, type, rule))}
          onChange={(rule, by) => onWrite(replaceSpan(sdl, rule, printRule(by)))}
          onRemove={(rule) => onWrite(removeDirective(sdl, rule))}
        />
      </section>
      <section aria-labelledby="field-rules" className="space-y-2">
        <h3 id="field-rules" className="font-semibold">
          Fields
        </h3>
        <ul className="divide-y divide-line">
          {type.fields.map((field) => (
            <li key={field.name}>
              <FieldRules {...props} type={type.name} field={field} />
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

function UserToggle({ type, userModel, sdl, readOnlyReason, onWrite }: ModelRulesProps) {
  const { user } = type;
  const isElsewhere = userModel !== null && user === null;
  return (
    <Checkbox
      label="End users"
      description={
        isElsewhere
          ? `The rows of ${userModel} are the end users. Only one model can have @user.`
          : 'The rows of this model are the end users of the project. Rules can refer to them with "$user".'
      }
      disabled={readOnlyReason !== null || isElsewhere}
      checked={user !== null}
      onCheckedChange={() =>
        onWrite(user === null ? addDirective(sdl, type, '@user') : removeDirective(sdl, user))
      }
    />
  );
}
