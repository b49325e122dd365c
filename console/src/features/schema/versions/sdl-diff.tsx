import { MergeView, unifiedMergeView } from '@codemirror/merge';
import { EditorState, type Extension } from '@codemirror/state';
import { EditorView, lineNumbers } from '@codemirror/view';
import { useEffect, useRef, useSyncExternalStore } from 'react';

import { sdlLook } from '../editor/sdl-language.ts';

interface SdlDiffProps {
  readonly before: string;
  readonly after: string;
  readonly beforeLabel: string;
  readonly afterLabel: string;
}

/** A diff of two schemas: side by side, or unified on a narrow screen. */
export default function SdlDiff(props: SdlDiffProps) {
  const { before, after, beforeLabel, afterLabel } = props;
  const host = useRef<HTMLDivElement>(null);
  const isWide = useSyncExternalStore(wide.subscribe, wide.matches);
  useEffect(() => {
    if (host.current === null) return;
    const sides = { before, after, beforeLabel, afterLabel };
    const view = isWide ? sideBySide(host.current, sides) : unified(host.current, sides);
    return () => view.destroy();
  }, [before, after, beforeLabel, afterLabel, isWide]);
  return <div ref={host} className="h-full overflow-auto" />;
}

const sideBySide = (parent: HTMLElement, sides: SdlDiffProps): MergeView =>
  new MergeView({
    parent,
    a: { doc: sides.before, extensions: reading(sides.beforeLabel) },
    b: { doc: sides.after, extensions: reading(sides.afterLabel) },
    collapseUnchanged,
  });

const unified = (parent: HTMLElement, sides: SdlDiffProps): EditorView =>
  new EditorView({
    parent,
    doc: sides.after,
    extensions: [
      reading(`${sides.afterLabel}, compared with ${sides.beforeLabel}`),
      unifiedMergeView({ original: sides.before, mergeControls: false, collapseUnchanged }),
    ],
  });

const collapseUnchanged = { margin: 3, minSize: 6 };

const reading = (label: string): Extension => [
  lineNumbers(),
  ...sdlLook,
  EditorView.lineWrapping,
  EditorState.readOnly.of(true),
  EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': label, 'aria-readonly': 'true' }),
  look,
];

const look = EditorView.theme({
  '&': { height: 'auto' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-changedLine': { background: 'var(--success-soft)' },
  '&.cm-merge-a .cm-changedLine': { background: 'var(--danger-soft)' },
  // Underlined, because the syntax colors would have too little contrast on a colored background.
  '&.cm-merge-b .cm-changedText, &.cm-merge-a .cm-changedText, .cm-changedText, .cm-deletedText': {
    background: 'none',
    textDecoration: 'underline 2px var(--success)',
    textUnderlineOffset: '3px',
  },
  '&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText': {
    textDecorationColor: 'var(--danger)',
  },
  '.cm-deletedChunk': { background: 'var(--danger-soft)' },
  '.cm-collapsedLines': {
    background: 'var(--sunken)',
    color: 'var(--quiet)',
    padding: '0.25rem 1rem',
  },
});

const wide = {
  subscribe: (changed: () => void) => {
    const query = matchMedia('(width >= 64rem)');
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  },
  matches: () => matchMedia('(width >= 64rem)').matches,
};
