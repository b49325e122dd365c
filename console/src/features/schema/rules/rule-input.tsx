import { useEffect, useEffectEvent, useRef } from 'react';

import { cn } from '#console/ui/cn.ts';
import { Field } from '#console/ui/field.tsx';
import { controlClass } from '#console/ui/input.tsx';

import { createRuleEditor } from './create-rule-editor.ts';

interface RuleInputProps {
  readonly label: string;
  readonly help: string;
  readonly isOptional?: boolean;
  readonly placeholder: string;
  readonly initial: string;
  /** The SDL before the text, for completion. */
  readonly before: string;
  readonly error: string | null;
  readonly onChange: (text: string) => void;
}

/** A field for a filter or a value of an access rule, with completion. */
export function RuleInput({ label, help, error, isOptional = false, ...editor }: RuleInputProps) {
  return (
    <Field label={label} help={help} error={error} isOptional={isOptional}>
      {({ id, ...described }) => (
        <Editor
          {...editor}
          id={id}
          label={label}
          describedBy={described['aria-describedby'] ?? ''}
          isWrong={described['aria-invalid'] === true}
        />
      )}
    </Field>
  );
}

interface EditorProps extends Pick<
  RuleInputProps,
  'placeholder' | 'initial' | 'before' | 'onChange'
> {
  readonly id: string;
  readonly label: string;
  readonly describedBy: string;
  readonly isWrong: boolean;
}

function Editor({ id, label, describedBy, isWrong, placeholder, ...rest }: EditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const changed = useEffectEvent((text: string) => rest.onChange(text));
  const current = useEffectEvent(() => ({ text: rest.initial, before: rest.before }));
  useEffect(() => {
    const parent = host.current;
    if (parent === null) return;
    const view = createRuleEditor({
      parent,
      ...current(),
      placeholder,
      attributes: { id, 'aria-label': label },
      onChange: (text) => changed(text),
    });
    return () => view.destroy();
  }, [id, label, placeholder]);
  useEffect(() => {
    const content = host.current?.querySelector('.cm-content');
    content?.setAttribute('aria-describedby', describedBy);
    content?.setAttribute('aria-invalid', String(isWrong));
  }, [describedBy, isWrong]);
  return (
    <div
      ref={host}
      // Escape closes the list of completions. It must not close the panel as well.
      onKeyDown={(event) => {
        if (event.key === 'Escape' && event.isDefaultPrevented()) event.stopPropagation();
      }}
      className={cn(
        controlClass,
        'px-0 has-[.cm-focused]:border-accent has-[.cm-focused]:outline-2 has-[.cm-focused]:outline-accent',
        isWrong && 'border-danger',
      )}
    />
  );
}
