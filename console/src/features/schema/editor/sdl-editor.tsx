import type { EditorView } from '@codemirror/view';
import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef } from 'react';

import type { SdlProblem } from '../problems.ts';
import { createEditor, goTo, replaceText, showProblems } from './create-editor.ts';

export interface SdlEditorHandle {
  /** Moves the cursor to a line and column, counted from 1. */
  goTo(line: number, column: number): void;
}

export interface SdlEditorProps {
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly onPlan: () => void;
  readonly problems: readonly SdlProblem[];
  readonly isReadOnly: boolean;
  readonly label: string;
  readonly describedBy: string;
  readonly ref?: Ref<SdlEditorHandle>;
}

/** The SDL editor. Load it lazily, because only the schema pages need CodeMirror. */
export default function SdlEditor(props: SdlEditorProps) {
  const { value, problems, isReadOnly, label, describedBy, ref } = props;
  const host = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView>(null);
  const changed = useEffectEvent((text: string) => props.onChange(text));
  const plan = useEffectEvent(() => props.onPlan());
  const initialText = useEffectEvent(() => value);

  useEffect(() => {
    const parent = host.current;
    if (parent === null) return;
    const view = createEditor({
      parent,
      text: initialText(),
      label,
      describedBy,
      isReadOnly,
      onChange: (text) => changed(text),
      onPlan: () => plan(),
    });
    editor.current = view;
    return () => view.destroy();
  }, [isReadOnly, label, describedBy]);

  useEffect(() => {
    if (editor.current !== null) replaceText(editor.current, value);
  }, [value]);

  useEffect(() => {
    if (editor.current !== null) showProblems(editor.current, problems);
  }, [problems]);

  useImperativeHandle(ref, () => ({
    goTo: (line, column) => {
      if (editor.current !== null) goTo(editor.current, line, column);
    },
  }));

  return (
    <div
      ref={host}
      className="relative h-full min-h-0 after:pointer-events-none after:absolute after:inset-0 after:z-300 after:border-accent has-[.cm-focused]:after:border-2"
    />
  );
}
