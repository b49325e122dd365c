import { filterArguments, type FilterArgument, type FilterPlace } from './rule-filter.ts';
import { isName, isText, sdlToken } from './sdl-tokens.ts';

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
      /** The type that has the directive, or whose field has it. */
      readonly type: string;
      /** The field that has the directive, and its type. */
      readonly field: string;
      readonly fieldType: string | null;
    }
  | { readonly kind: 'FIELD_NAME'; readonly type: string }
  /** A field, operator or quantifier in the filter of an access rule. */
  | { readonly kind: 'FILTER_KEY'; readonly place: FilterPlace; readonly given: readonly string[] }
  | { readonly kind: 'FILTER_VALUE'; readonly place: FilterPlace; readonly isInList: boolean }
  /** A reference in a string. `typed` is the complete string before the position, without the quote. */
  | { readonly kind: 'FILTER_REFERENCE'; readonly place: FilterPlace }
  | { readonly kind: 'PRESET_REFERENCE'; readonly type: string; readonly field: string };

export type DirectivePlace = 'type' | 'field';

/** The state after scanning the text up to a position. The text does not have to be valid. */
interface Walk {
  /** `type`, `enum`, …; null between definitions. */
  keyword: string | null;
  name: string;
  isInBody: boolean;
  field: string;
  fieldType: string | null;
  isAfterColon: boolean;
  directive: string | null;
  isInArguments: boolean;
  argument: string | null;
  given: string[];
  /** The open brackets inside an argument's value. */
  open: Open[];
}

type Open = 'LIST' | { key: string | null; readonly given: string[] };

const start = (): Walk => ({
  keyword: null,
  name: '',
  isInBody: false,
  field: '',
  fieldType: null,
  isAfterColon: false,
  directive: null,
  isInArguments: false,
  argument: null,
  given: [],
  open: [],
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
  for (const match of before.matchAll(sdlToken)) {
    const part = match[0];
    const isLast = match.index + part.length === position;
    if (isLast && (part.startsWith('#') || isOpenBlock(part))) return null;
    if (part.startsWith('#')) continue;
    if (isLast && isOpenText(part)) {
      return inText(walk, { from: match.index + 1, typed: part.slice(1) });
    }
    if (isLast && isName(part)) {
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
  isText(part) && !part.startsWith('"""') && (part === '"' || !part.endsWith('"'));

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
    Object.assign(walk, { isInArguments: true, argument: null, given: [], open: [] });
  } else stepOutside(walk, part);
  return false;
}

function stepInArguments(walk: Walk, part: string): void {
  if (part === ')') {
    Object.assign(walk, { isInArguments: false, directive: null, argument: null });
  } else if (part === '[') walk.open.push('LIST');
  else if (part === '{') walk.open.push({ key: null, given: [] });
  else if (part === ']' || part === '}') {
    walk.open.pop();
    endValue(walk);
  } else if (part === ':' || part === '!') return;
  else {
    const inner = walk.open.at(-1) ?? null;
    if (inner === 'LIST') return;
    if (inner === null && walk.argument === null) {
      walk.argument = part;
      walk.given.push(part);
    } else if (inner?.key === null) {
      inner.key = part;
      inner.given.push(part);
    } else endValue(walk);
  }
}

/** A value has ended: in an object and among arguments, the next token is a name. */
function endValue(walk: Walk): void {
  const inner = walk.open.at(-1);
  if (inner === undefined) walk.argument = null;
  else if (inner !== 'LIST') inner.key = null;
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
  } else Object.assign(walk, { field: part, fieldType: null, directive: null });
}

function askedBy(walk: Walk, isAfterAt: boolean): Asked | null {
  const place = walk.isInBody ? 'field' : 'type';
  if (walk.keyword === null) return { kind: 'DEFINITION' };
  if (walk.keyword !== 'type') return null;
  if (isAfterAt) return { kind: place === 'type' ? 'TYPE_DIRECTIVE' : 'FIELD_DIRECTIVE' };
  if (walk.isInArguments && walk.directive !== null) {
    const { name: type, directive, argument, given, field, fieldType } = walk;
    if (argument === null) return { kind: 'ARGUMENT', directive, place, given };
    const filter = filterAt(walk);
    return filter ?? { kind: 'ARGUMENT_VALUE', directive, place, argument, type, field, fieldType };
  }
  return walk.isAfterColon ? { kind: 'FIELD_TYPE' } : null;
}

/** The context inside the filter of an access rule; null if the position is not in a filter. */
function filterAt(walk: Walk): Asked | null {
  const place = filterPlace(walk);
  if (place === null) return null;
  const inner = walk.open.at(-1);
  return inner !== undefined && inner !== 'LIST' && inner.key === null
    ? { kind: 'FILTER_KEY', place, given: inner.given }
    : { kind: 'FILTER_VALUE', place, isInList: inner === 'LIST' };
}

function filterPlace({ directive, argument, name, open }: Walk): FilterPlace | null {
  if ((directive !== 'allow' && directive !== 'require') || !isFilterArgument(argument))
    return null;
  const path = open.flatMap((each) => (each === 'LIST' || each.key === null ? [] : [each.key]));
  return { argument, type: name, path };
}

const isFilterArgument = (name: string | null): name is FilterArgument =>
  filterArguments.some((argument) => argument === name);

/** The context inside a string; null if none is expected. */
function inText(
  walk: Walk,
  word: { readonly from: number; readonly typed: string },
): CursorContext | null {
  if (!walk.isInArguments) return null;
  const filter = filterAt(walk);
  if (filter?.kind === 'FILTER_VALUE') {
    return { kind: 'FILTER_REFERENCE', place: filter.place, ...word };
  }
  if (walk.directive === 'preset' && walk.argument === 'value') {
    return { kind: 'PRESET_REFERENCE', type: walk.name, field: walk.field, ...word };
  }
  if (walk.argument === 'fields' && walk.open.length > 0) {
    return { kind: 'FIELD_NAME', type: walk.name, ...word };
  }
  // A relation references fields of the other type.
  if (walk.argument === 'references' && walk.fieldType !== null) {
    return { kind: 'FIELD_NAME', type: walk.fieldType, ...word };
  }
  return null;
}
