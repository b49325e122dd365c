import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
} from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Annotation, EditorState, type Extension, type Text } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';

import type { SdlProblem } from '../problems.ts';
import { completeSdl, continuesFilter, sdlHover } from './sdl-completion.ts';
import { sdlLook } from './sdl-language.ts';

interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly label: string;
  /** For `aria-describedby`: the ids of the describing elements. */
  readonly describedBy: string;
  readonly isReadOnly: boolean;
  readonly onChange: (text: string) => void;
  /** Called on Ctrl-S and Ctrl-Enter. */
  readonly onPlan: () => void;
}

/** Marks changes made by `replaceText`, which must not call `onChange`. */
const fromOutside = Annotation.define<true>();

export function createEditor({ parent, text, onChange, ...options }: EditorOptions): EditorView {
  return new EditorView({
    parent,
    doc: text,
    extensions: [
      options.isReadOnly ? reading : writing(options.onPlan),
      always,
      EditorView.contentAttributes.of({
        tabindex: '0',
        'aria-label': options.label,
        'aria-describedby': options.describedBy,
      }),
      EditorView.updateListener.of((update) => {
        const isTyped = update.transactions.every((each) => each.annotation(fromOutside) !== true);
        if (update.docChanged && isTyped) onChange(update.state.doc.toString());
      }),
    ],
  });
}

const always: Extension = [
  lineNumbers(),
  foldGutter(),
  drawSelection(),
  bracketMatching(),
  highlightSelectionMatches(),
  search({ top: true }),
  lintGutter(),
  sdlHover,
  ...sdlLook,
  EditorView.lineWrapping,
  keymap.of([...searchKeymap, ...foldKeymap, ...lintKeymap]),
];

const reading: Extension = [
  EditorState.readOnly.of(true),
  EditorView.contentAttributes.of({ 'aria-readonly': 'true' }),
  keymap.of(defaultKeymap),
];

const writing = (onPlan: () => void): Extension => {
  const plan = () => {
    onPlan();
    return true;
  };
  return [
    history(),
    indentOnInput(),
    indentUnit.of('  '),
    closeBrackets(),
    autocompletion({
      override: [completeSdl],
      icons: false,
      activateOnCompletion: continuesFilter,
    }),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    keymap.of([
      { key: 'Mod-s', run: plan, preventDefault: true },
      { key: 'Mod-Enter', run: plan, preventDefault: true },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...historyKeymap,
      ...defaultKeymap,
      // Escape, then Tab, moves focus out of the editor, as the help below it explains.
      indentWithTab,
    ]),
  ];
};

/** Replaces the whole text. The user can undo the change. */
export function replaceText(view: EditorView, text: string): void {
  if (view.state.doc.toString() === text) return;
  view.dispatch({
    changes: { from: 0, to: view.state.doc.length, insert: text },
    annotations: fromOutside.of(true),
  });
}

export function showProblems(view: EditorView, problems: readonly SdlProblem[]): void {
  const diagnostics = problems.map((problem): Diagnostic => {
    const from = positionOf(view.state.doc, problem.line, problem.column);
    const word = view.state.wordAt(from);
    const to = word !== null && word.to > from ? word.to : from;
    const message = problem.hint === '' ? problem.message : `${problem.message} ${problem.hint}`;
    return { from, to, severity: 'error', message };
  });
  view.dispatch(setDiagnostics(view.state, diagnostics));
}

export function goTo(view: EditorView, line: number, column: number): void {
  const anchor = positionOf(view.state.doc, line, column);
  view.dispatch({
    selection: { anchor },
    effects: EditorView.scrollIntoView(anchor, { y: 'center' }),
  });
  view.focus();
}

/**
 * Converts a line and column, counted from 1, to an offset. Out-of-range values are clamped, because the text may have
 * changed since the position was reported.
 */
function positionOf(text: Text, line: number, column: number): number {
  const { from, length } = text.line(Math.min(Math.max(line, 1), text.lines));
  return from + Math.min(column - 1, length);
}
