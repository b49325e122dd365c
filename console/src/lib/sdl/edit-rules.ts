import { GraphQLError, Kind, parseConstValue } from 'graphql';

import {
  accessOperations,
  type PresetDraft,
  type RuleDraft,
  type Span,
  type WrittenField,
  type WrittenType,
} from './written-rules.ts';

/** `@allow(to: [READ], as: PUBLIC, where: { … })`. */
export function printRule({ directive, to, as, ...filters }: RuleDraft): string {
  const operations = accessOperations.filter((operation) => to.includes(operation));
  const parts = [`to: [${operations.join(', ')}]`];
  if (directive === 'allow' && as !== 'USER') parts.push(`as: ${as}`);
  for (const name of ['where', 'check', 'user', 'claims'] as const) {
    const filter = filters[name].trim();
    if (filter !== '') parts.push(`${name}: ${filter}`);
  }
  return `@${directive}(${parts.join(', ')})`;
}

/** `@preset(value: "$user.id", on: [CREATE, UPDATE])`. */
export function printPreset({ value, on }: PresetDraft): string {
  const isUsual = on.length === 1 && on[0] === 'CREATE';
  return `@preset(value: ${value.trim()}${isUsual ? '' : `, on: [${on.join(', ')}]`})`;
}

/** Adds a rule to a model, on its own line after the other directives. */
export const addTypeRule = (text: string, { end }: WrittenType, rule: RuleDraft): string =>
  replaceSpan(text, { start: end, end }, `\n  ${printRule(rule)}`);

/** Adds a directive to a field or a model, after its other directives. */
export const addDirective = (
  text: string,
  { end }: WrittenType | WrittenField,
  directive: string,
): string => replaceSpan(text, { start: end, end }, ` ${directive}`);

export const replaceSpan = (text: string, { start, end }: Span, by: string): string =>
  `${text.slice(0, start)}${by}${text.slice(end)}`;

/** Removes a directive with the spaces before it, and with its line if it is the last one there. */
export function removeDirective(text: string, { start, end }: Span): string {
  const before = text.slice(0, start).replace(/[ \t]*$/, '');
  const after = text.slice(end);
  if (!before.endsWith('\n')) return before + after;
  const lines = before.trimEnd();
  const isLast = /^[ \t]*(?:\{|\r?\n|$)/.test(after);
  // A comment at the end of the line before would contain the rest of this line.
  const isAfterComment = /#[^\n]*$/.test(lines);
  if (isLast && !(isAfterComment && /^[ \t]*\{/.test(after))) return lines + after;
  return text.slice(0, start) + after.trimStart();
}

/** What is wrong with the text of a filter; null if it can be written into the SDL. */
export function filterProblem(filter: string): string | null {
  if (filter.trim() === '') return null;
  const value = attemptValue(filter);
  if (value instanceof GraphQLError) return value.message.replace(/^Syntax Error: /, '');
  return value.kind === Kind.OBJECT ? null : 'Write conditions in braces: { field: { eq: … } }.';
}

/** What is wrong with the text of a value; null if it can be written into the SDL. */
export function valueProblem(text: string): string | null {
  if (text.trim() === '') return 'Enter a value.';
  const value = attemptValue(text);
  return value instanceof GraphQLError ? value.message.replace(/^Syntax Error: /, '') : null;
}

function attemptValue(text: string) {
  try {
    return parseConstValue(text);
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    // The parser is recursive, so deeply nested brackets can overflow the stack.
    if (error instanceof RangeError) return new GraphQLError('Brackets are nested too deeply.');
    throw error;
  }
}
