import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching } from '@codemirror/language';
import { EditorView, keymap, placeholder } from '@codemirror/view';

import { completeAfter, continuesFilter } from '../editor/sdl-completion.ts';
import { sdlLook } from '../editor/sdl-language.ts';

interface RuleEditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly placeholder: string;
  /** The attributes of the text box. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The SDL before the text, for completion. */
  readonly before: string;
  readonly onChange: (text: string) => void;
}

/** A small editor for a filter or a value of an access rule. Tab leaves it. */
export function createRuleEditor(options: RuleEditorOptions): EditorView {
  const { parent, text, before, onChange } = options;
  return new EditorView({
    parent,
    doc: text,
    extensions: [
      history(),
      closeBrackets(),
      bracketMatching(),
      autocompletion({
        override: [(context) => completeAfter(before, context)],
        icons: false,
        activateOnCompletion: continuesFilter,
      }),
      placeholder(options.placeholder),
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
      ...sdlLook,
      look,
      EditorView.lineWrapping,
      EditorView.contentAttributes.of(options.attributes),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onChange(update.state.doc.toString());
      }),
    ],
  });
}

const look = EditorView.theme({
  '.cm-content': { padding: '0.4375rem 0' },
  '.cm-line': { padding: '0 0.75rem' },
  '.cm-placeholder': { color: 'var(--quiet)' },
});
