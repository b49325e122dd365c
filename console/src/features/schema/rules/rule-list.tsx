import { Plus } from 'lucide-react';
import { useState } from 'react';

import type { RuleDraft, WrittenRule } from '#console/lib/sdl/written-rules.ts';
import { Button } from '#console/ui/button.tsx';
import { CodeBlock } from '#console/ui/code-block.tsx';

import { Sentence } from '../access/sentence.tsx';
import type { SdlProblem } from '../problems.ts';
import { RuleForm, type RuleTarget } from './rule-form.tsx';

/** What the forms for rules need. */
export interface RuleEditing {
  readonly sdl: string;
  readonly problems: readonly SdlProblem[];
  /** The sentence for the rules in each line; empty if the schema is invalid or not read yet. */
  readonly sentences: ReadonlyMap<number, readonly string[]>;
  /** Why the schema cannot be changed; null if it can. */
  readonly readOnlyReason: string | null;
  readonly onGo: (line: number) => void;
  /** Called when a form opens or closes. */
  readonly onEditing: (isEditing: boolean) => void;
}

interface RuleListProps extends RuleEditing {
  readonly target: RuleTarget;
  readonly rules: readonly WrittenRule[];
  readonly onAdd: (rule: RuleDraft) => void;
  readonly onChange: (rule: WrittenRule, by: RuleDraft) => void;
  readonly onRemove: (rule: WrittenRule) => void;
}

const newRule: RuleDraft = {
  directive: 'allow',
  to: ['READ'],
  as: 'USER',
  where: '',
  check: '',
  user: '',
  claims: '',
};

/** The rules of a model or a field. One of them can be edited at a time. */
export function RuleList(props: RuleListProps) {
  const { target, rules, sdl, readOnlyReason, onEditing, onAdd, onChange } = props;
  const [edited, setEdited] = useState<number | 'NEW' | null>(null);
  const edit = (next: number | 'NEW' | null) => {
    setEdited(next);
    onEditing(next !== null);
  };
  const name = target.field ?? target.type;
  return (
    <div className="space-y-3">
      {rules.length > 0 && (
        <ul aria-label={`Rules of ${name}`} className="space-y-3">
          {rules.map((rule, index) => (
            <li key={index}>
              {edited === index ? (
                <RuleForm
                  target={target}
                  initial={rule.draft}
                  sdl={sdl}
                  submitLabel="Save rule"
                  onCancel={() => edit(null)}
                  onSubmit={(draft) => {
                    onChange(rule, draft);
                    edit(null);
                  }}
                />
              ) : (
                <RuleItem {...props} rule={rule} onEdit={() => edit(index)} />
              )}
            </li>
          ))}
        </ul>
      )}
      {edited === 'NEW' ? (
        <RuleForm
          target={target}
          initial={newRule}
          sdl={sdl}
          submitLabel="Add rule"
          onCancel={() => edit(null)}
          onSubmit={(draft) => {
            onAdd(draft);
            edit(null);
          }}
        />
      ) : (
        <Button size="sm" icon={Plus} disabledReason={readOnlyReason} onClick={() => edit('NEW')}>
          New rule<span className="sr-only"> for {name}</span>
        </Button>
      )}
    </div>
  );
}

interface RuleItemProps extends RuleListProps {
  readonly rule: WrittenRule;
  readonly onEdit: () => void;
}

function RuleItem({
  rule,
  sdl,
  problems,
  sentences,
  readOnlyReason,
  onGo,
  onEdit,
  onRemove,
}: RuleItemProps) {
  const source = sdl.slice(rule.start, rule.end);
  const lastLine = rule.line + source.split('\n').length - 1;
  const wrong = problems.filter(({ line }) => line >= rule.line && line <= lastLine);
  return (
    <div className="space-y-2 rounded-lg border border-line p-3">
      {sentences.get(rule.line)?.map((sentence) => (
        <p key={sentence} className="wrap-anywhere">
          <Sentence text={sentence} />
        </p>
      ))}
      <CodeBlock code={source} label={`Rule in line ${rule.line}`} copy={false} isWrapped />
      {wrong.map(({ message, hint }, index) => (
        <p key={index} className="text-danger">
          {message} {hint}
        </p>
      ))}
      <div className="flex flex-wrap gap-2">
        <Button size="sm" disabledReason={readOnlyReason} onClick={onEdit}>
          Edit
        </Button>
        <Button size="sm" disabledReason={readOnlyReason} onClick={() => onRemove(rule)}>
          Remove
        </Button>
        <Button size="sm" variant="ghost" onClick={() => onGo(rule.line)}>
          Go to line {rule.line}
        </Button>
      </div>
    </div>
  );
}
