/**
 * The kind of token expected at a position in SDL text. `typed` is the word before the position, and `from` is its
 * start.
 */
export type CursorContext = Asked & { readonly from: number; readonly typed: string };

type Asked =
  | { readonly kind: 'DEFINITION' }
  | { readonly kind: 'TYPE_DIRECTIVE' | 'FIELD_DIRECTIVE' }
  | { readonly kind: 'FIELD_TYPE' }
  | {
      readonly kind: 'ARGUMENT';
      readonly directive: string;
      readonly place: DirectivePlace;
      readonly given: readonly string[];
    }
  | {
      readonly kind: 'ARGUMENT_VALUE';
      readonly directive: string;
      readonly place: DirectivePlace;
      readonly argument: string;
      /** The type of the field that has the directive. */
      readonly fieldType: string | null;
    }
  | { readonly kind: 'FIELD_NAME'; readonly type: string };

export type DirectivePlace = 'type' | 'field';

/** Matches names, numbers, punctuation, comments, and strings, including unterminated ones. */
const token =
  /"""(?:[^"\\]|\\.|"(?!""))*(?:"""|$)|"(?:[^"\\\n]|\\.)*(?:"|(?=\n)|$)|#[^\n]*|@|[_A-Za-z][_0-9A-Za-z]*|-?\d[\w.]*|[{}()[\]:!]/g;

/** The state after scanning the text up to a position. The text does not have to be valid. */
interface Walk {
  /** `type`, `enum`, …; null between definitions. */
  keyword: string | null;
  name: string;
  isInBody: boolean;
  fieldType: string | null;
  isAfterColon: boolean;
  directive: string | null;
  isInArguments: boolean;
  argument: string | null;
  given: string[];
  /** The nesting depth of brackets inside an argument's value. */
  valueDepth: number;
}

const start = (): Walk => ({
  keyword: null,
  name: '',
  isInBody: false,
  fieldType: null,
  isAfterColon: false,
  directive: null,
  isInArguments: false,
  argument: null,
  given: [],
  valueDepth: 0,
});

/**
 * Determines what can be completed at a position in SDL text.
 *
 * @returns null where no completion is possible: in comments, descriptions, enums and new names
 */
export function cursorContext(text: string, position: number): CursorContext | null {
  const before = text.slice(0, position);
  const walk = start();
  let word = { from: position, typed: '' };
  let isAfterAt = false;
  for (const match of before.matchAll(token)) {
    const part = match[0];
    const isLast = match.index + part.length === position;
    if (isLast && (part.startsWith('#') || isOpenBlock(part))) return null;
    if (part.startsWith('#')) continue;
    if (isLast && isOpenText(part)) {
      return inText(walk, { from: match.index + 1, typed: part.slice(1) });
    }
    if (isLast && /^[_A-Za-z]/.test(part)) {
      word = { from: match.index, typed: part };
      break;
    }
    isAfterAt = step(walk, part, isAfterAt);
  }
  const asked = askedBy(walk, isAfterAt);
  return asked === null ? null : { ...asked, ...word };
}

const isOpenBlock = (part: string): boolean =>
  part.startsWith('"""') && (part.length < 6 || !part.endsWith('"""'));

const isOpenText = (part: string): boolean =>
  part.startsWith('"') && !part.startsWith('"""') && (part === '"' || !part.endsWith('"'));

/**
 * Updates `walk` with the next token.
 *
 * @returns whether `part` is the `@` before a directive name
 */
function step(walk: Walk, part: string, isAfterAt: boolean): boolean {
  if (walk.isInArguments) stepInArguments(walk, part);
  else if (part === '@') {
    walk.directive = null;
    walk.isAfterColon = false;
    return true;
  } else if (isAfterAt) walk.directive = part;
  else if (part === '(' && walk.directive !== null) {
    Object.assign(walk, { isInArguments: true, argument: null, given: [], valueDepth: 0 });
  } else stepOutside(walk, part);
  return false;
}

function stepInArguments(walk: Walk, part: string): void {
  if (part === ')') {
    Object.assign(walk, { isInArguments: false, directive: null, argument: null });
  } else if (part === '[' || part === '{') walk.valueDepth += 1;
  else if (part === ']' || part === '}') {
    walk.valueDepth -= 1;
    if (walk.valueDepth === 0) walk.argument = null;
  } else if (walk.valueDepth > 0 || part === ':') return;
  else if (walk.argument === null) {
    walk.argument = part;
    walk.given.push(part);
  } else walk.argument = null;
}

function stepOutside(walk: Walk, part: string): void {
  if (part === '{') walk.isInBody = true;
  else if (part === '}') Object.assign(walk, start());
  else if (part === ':') walk.isAfterColon = true;
  else if (!/^\w/.test(part)) return;
  else if (walk.keyword === null) walk.keyword = part;
  else if (!walk.isInBody) walk.name = walk.name === '' ? part : walk.name;
  else if (walk.isAfterColon) {
    walk.fieldType = part;
    walk.isAfterColon = false;
  } else Object.assign(walk, { fieldType: null, directive: null });
}

function askedBy(walk: Walk, isAfterAt: boolean): Asked | null {
  const place = walk.isInBody ? 'field' : 'type';
  if (walk.keyword === null) return { kind: 'DEFINITION' };
  if (walk.keyword !== 'type') return null;
  if (isAfterAt) return { kind: place === 'type' ? 'TYPE_DIRECTIVE' : 'FIELD_DIRECTIVE' };
  if (walk.isInArguments && walk.directive !== null) {
    const { directive, argument, given, fieldType } = walk;
    if (argument === null) return { kind: 'ARGUMENT', directive, place, given };
    return { kind: 'ARGUMENT_VALUE', directive, place, argument, fieldType };
  }
  return walk.isAfterColon ? { kind: 'FIELD_TYPE' } : null;
}

/** The context inside a string, where only field names can be completed; null if none is expected. */
function inText(
  walk: Walk,
  word: { readonly from: number; readonly typed: string },
): CursorContext | null {
  if (!walk.isInArguments) return null;
  if (walk.argument === 'fields' && walk.valueDepth > 0) {
    return { kind: 'FIELD_NAME', type: walk.name, ...word };
  }
  // A relation references fields of the other type.
  if (walk.argument === 'references' && walk.fieldType !== null) {
    return { kind: 'FIELD_NAME', type: walk.fieldType, ...word };
  }
  return null;
}
