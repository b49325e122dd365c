import { HighlightStyle, LanguageSupport, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { styleTags, tags } from '@lezer/highlight';
import { graphqlLanguage } from 'cm6-graphql';

/** The GraphQL language, with separate styles for the names of types, fields, directives and arguments. */
const sdlLanguage = graphqlLanguage.configure({
  props: [
    styleTags({
      'NamedType/Name': tags.typeName,
      'ObjectTypeDefinition/Name EnumTypeDefinition/Name': tags.definition(tags.typeName),
      'FieldDefinition/Name': tags.propertyName,
      'DirectiveName Directive/Name': tags.modifier,
      'ArgumentAttributeName Argument/Name': tags.attributeName,
      'TypeKeyword EnumKeyword': tags.keyword,
    }),
  ],
});

// CSS variables, so that the colors follow the theme.
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent)', fontWeight: '600' },
  { tag: tags.definition(tags.typeName), color: 'var(--ink)', fontWeight: '600' },
  { tag: tags.typeName, color: 'var(--info)' },
  { tag: tags.modifier, color: 'var(--accent)' },
  { tag: tags.attributeName, color: 'var(--quiet)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--success)' },
  { tag: [tags.integer, tags.float, tags.bool, tags.null], color: 'var(--warning)' },
  { tag: tags.special(tags.name), color: 'var(--warning)' },
  { tag: tags.lineComment, color: 'var(--quiet)', fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.paren, tags.brace, tags.separator], color: 'var(--quiet)' },
]);

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '0.8125rem', color: 'var(--ink)', background: 'var(--surface)' },
  // The surrounding element draws the focus ring, because the gutter would cover an outline of the content.
  '&.cm-focused, .cm-content:focus-visible': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.6', overflow: 'auto' },
  '.cm-content': { padding: '0.75rem 0', caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)', borderLeftWidth: '2px' },
  '.cm-gutters': {
    background: 'var(--surface)',
    color: 'var(--quiet)',
    border: 'none',
    paddingLeft: '0.25rem',
  },
  '.cm-activeLine': { background: 'color-mix(in srgb, var(--accent-soft) 30%, transparent)' },
  '.cm-activeLineGutter': { background: 'transparent', color: 'var(--ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    { background: 'color-mix(in srgb, var(--accent) 22%, transparent)' },
  '&.cm-focused .cm-matchingBracket': {
    background: 'var(--accent-soft)',
    outline: '1px solid var(--accent)',
  },
  '.cm-foldPlaceholder': {
    background: 'var(--sunken)',
    border: '1px solid var(--line)',
    color: 'var(--quiet)',
    padding: '0 0.25rem',
  },
  '.cm-tooltip': {
    background: 'var(--surface)',
    color: 'var(--ink)',
    border: '1px solid var(--line)',
    borderRadius: '0.5rem',
    boxShadow: '0 8px 24px var(--shadow)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--font-mono)', maxHeight: '16em' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '0.25rem 0.5rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--accent-soft)',
    color: 'var(--ink)',
  },
  '.cm-completionMatchedText': {
    textDecoration: 'none',
    color: 'var(--accent)',
    fontWeight: '600',
  },
  '.cm-completionDetail': { color: 'var(--quiet)', fontStyle: 'normal' },
  '.cm-completionInfo': { padding: '0.5rem 0.75rem', maxWidth: '22rem' },
  '.cm-sdl-help': { padding: '0.5rem 0.75rem', maxWidth: '26rem', lineHeight: '1.5' },
  '.cm-sdl-help code': { fontFamily: 'var(--font-mono)', fontSize: '0.75rem' },
  '.cm-sdl-help p': { fontFamily: 'var(--font-sans)', marginTop: '0.25rem' },
  '.cm-diagnostic': { fontFamily: 'var(--font-sans)', padding: '0.5rem 0.75rem' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--danger)' },
  '.cm-panels': {
    background: 'var(--sunken)',
    color: 'var(--ink)',
    borderColor: 'var(--line)',
    fontFamily: 'var(--font-sans)',
  },
  '.cm-textfield': {
    background: 'var(--surface)',
    color: 'var(--ink)',
    border: '1px solid var(--line-strong)',
    borderRadius: '0.375rem',
  },
  '.cm-button': {
    background: 'var(--surface)',
    color: 'var(--ink)',
    border: '1px solid var(--line-strong)',
    borderRadius: '0.375rem',
  },
  '.cm-panel.cm-search [name=close]': { color: 'var(--ink)' },
  '.cm-searchMatch': { background: 'var(--warning-soft)' },
  '.cm-searchMatch-selected': { background: 'var(--accent-soft)' },
});

export const sdlLook: readonly Extension[] = [
  new LanguageSupport(sdlLanguage),
  syntaxHighlighting(colours),
  look,
];
