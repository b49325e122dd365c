import { parseConstValue, Kind, print } from 'graphql';
import { assertNever } from '../../platform/assert-never.ts';
import { isFilterOperator, type FilterOperator } from '../api/filter-operators.ts';
import type {
  Claim,
  FilterNode,
  FilterObject,
  LiteralNode,
  Reference,
} from '../sdl/access-model.ts';
import type { Model, ModelType, ValueType } from '../sdl/model.ts';
import { unchecked } from './filter-literals.ts';

// Filters of rules in English: "`ownerId` equals their `id` and `locked` equals `false`".

/** Conditions in words. */
export interface Phrase {
  readonly parts: readonly string[];
  /** How the parts are connected. */
  readonly kind: 'AND' | 'OR';
}

export function textOf({ parts, kind }: Phrase): string {
  return listed(parts, kind === 'AND' ? 'and' : 'or');
}

export interface PhraseContext {
  readonly model: Model;
  /** The words for the caller's values: `their` in "their `id`". */
  readonly callers: string;
}

/** The conditions of a filter on the rows of a type. Null if it has none. */
export function rowPhrase(
  context: PhraseContext,
  filter: FilterObject,
  type: ModelType,
): Phrase | null {
  return objectPhrase(context, filter, { type, owner: '', path: [] });
}

/** The conditions of a filter on the caller's row. Null if it has none. */
export function userPhrase(
  context: PhraseContext,
  filter: FilterObject,
  type: ModelType,
): Phrase | null {
  return objectPhrase(context, filter, { type, owner: `${context.callers} `, path: [] });
}

/** The conditions on claims. Null if there are none. */
export function claimPhrase(
  context: PhraseContext,
  claims: readonly Claim[],
  { fields }: FilterObject,
): Phrase | null {
  const parts = fields.map(([name, node]) =>
    combined(
      name,
      node,
      (inner) => claimPhrase(context, claims, inner),
      () => {
        const claim = claims.find((each) => each.name === name);
        if (claim === undefined || node.kind !== 'OBJECT') throw unchecked();
        return operatorsPhrase(context, `the claim ${code(name)}`, node, claim.type);
      },
    ),
  );
  return joined(parts, 'AND');
}

/** The rows whose conditions are described. */
interface Place {
  readonly type: ModelType;
  /** Words before a field, such as `their `. */
  readonly owner: string;
  /** The to-one relations before a field. */
  readonly path: readonly string[];
}

function objectPhrase(
  context: PhraseContext,
  { fields }: FilterObject,
  place: Place,
): Phrase | null {
  const parts = fields.map(([name, node]) =>
    combined(
      name,
      node,
      (inner) => objectPhrase(context, inner, place),
      () => {
        if (node.kind === 'CAN') return one(`they can read ${subject(place, null)}`);
        if (node.kind !== 'OBJECT') throw unchecked();
        return fieldPhrase(context, { name, node }, place);
      },
    ),
  );
  return joined(parts, 'AND');
}

/** The phrase of `and`, `or` and `not`, or of another part of a filter. Null if it is always true. */
function combined(
  name: string,
  node: FilterNode,
  inside: (filter: FilterObject) => Phrase | null,
  other: () => Phrase | null,
): Phrase | null {
  const items = () =>
    (node.kind === 'LIST' ? node.items : [node]).map((item) => {
      if (item.kind !== 'OBJECT') throw unchecked();
      return inside(item);
    });
  switch (name) {
    case 'and':
      return joined(items(), 'AND');
    case 'or': {
      const alternatives = items();
      if (alternatives.length === 0) return one('no row matches');
      return alternatives.includes(null) ? null : joined(alternatives, 'OR');
    }
    case 'not': {
      const [phrase = null] = items();
      return one(phrase === null ? 'no row matches' : `not (${textOf(phrase)})`);
    }
    default:
      return other();
  }
}

interface NamedFilter {
  readonly name: string;
  readonly node: FilterObject;
}

function fieldPhrase(
  context: PhraseContext,
  { name, node }: NamedFilter,
  place: Place,
): Phrase | null {
  const { model } = context;
  const field = place.type.fields.find((each) => each.name === name);
  if (field === undefined || field.kind === 'VALUE') {
    const type = field?.type ?? foreignKeyType(place.type, name);
    return operatorsPhrase(context, subject(place, name), node, type);
  }
  const type = model.types.find((each) => each.name === field.target);
  if (type === undefined) throw unchecked();
  if (field.kind === 'TO_ONE') {
    const phrase = objectPhrase(context, node, { ...place, type, path: [...place.path, name] });
    return phrase ?? one(`${subject(place, name)} exists`);
  }
  const rows = subject(place, name);
  const parts = node.fields.map(([quantifier, inner]) => {
    if (inner.kind !== 'OBJECT') throw unchecked();
    const phrase = objectPhrase(context, inner, { type, owner: '', path: [] });
    return quantifiedPhrase(rows, quantifier, phrase);
  });
  return joined(parts, 'AND');
}

function quantifiedPhrase(rows: string, quantifier: string, phrase: Phrase | null): Phrase | null {
  const where = phrase === null ? '' : ` where ${inParentheses(phrase)}`;
  switch (quantifier) {
    case 'some':
      return one(`${rows} has a row${where}`);
    case 'none':
      return one(`${rows} has no row${where}`);
    case 'every':
      return phrase === null ? null : one(`${rows} has only rows${where}`);
    default:
      throw unchecked();
  }
}

/** The words for a field, or for the row itself. */
function subject({ owner, path }: Place, name: string | null): string {
  const names = name === null ? path : [...path, name];
  return names.length === 0 ? 'the row' : `${owner}${code(names.join('.'))}`;
}

function foreignKeyType({ fields }: ModelType, name: string): ValueType {
  for (const field of fields) {
    const key = field.kind === 'TO_ONE' ? field.key?.find((each) => each.name === name) : undefined;
    if (key !== undefined) return key.type;
  }
  throw unchecked();
}

function operatorsPhrase(
  context: PhraseContext,
  name: string,
  { fields }: FilterObject,
  type: ValueType,
): Phrase | null {
  const ignoresCase = fields.some(
    ([operator, node]) => operator === 'mode' && literalOf(node) === 'INSENSITIVE',
  );
  const parts = fields.map(([operator, node]) => {
    if (!isFilterOperator(operator)) throw unchecked();
    const words = comparison(context, operator, node, type);
    return words === null ? null : one(`${name} ${words}${ignoresCase ? ' (ignoring case)' : ''}`);
  });
  return joined(parts, 'AND');
}

/** The words of an operator and its operand. Null if it is no condition of its own. */
function comparison(
  context: PhraseContext,
  operator: FilterOperator,
  node: FilterNode,
  type: ValueType,
): string | null {
  const value = () => operandText(context, node, type);
  const isTrue = literalOf(node) === 'true';
  const isTime = type.kind === 'SCALAR' && times.includes(type.name);
  switch (operator) {
    case 'eq':
      return `equals ${value()}`;
    case 'neq':
      return `does not equal ${value()}`;
    case 'in':
      return node.kind === 'REFERENCE' ? `is in ${value()}` : `is one of ${value()}`;
    case 'notIn':
      return node.kind === 'REFERENCE' ? `is not in ${value()}` : `is none of ${value()}`;
    case 'isNull':
      return isTrue ? 'is null' : 'is not null';
    case 'lt':
      return `is ${isTime ? 'before' : 'less than'} ${value()}`;
    case 'lte':
      return `is ${isTime ? 'at or before' : 'at most'} ${value()}`;
    case 'gt':
      return `is ${isTime ? 'after' : 'greater than'} ${value()}`;
    case 'gte':
      return `is ${isTime ? 'at or after' : 'at least'} ${value()}`;
    case 'contains':
    case 'has':
      return `contains ${value()}`;
    case 'hasSome':
      return `contains at least one of ${value()}`;
    case 'hasEvery':
      return `contains all of ${value()}`;
    case 'startsWith':
      return `starts with ${value()}`;
    case 'endsWith':
      return `ends with ${value()}`;
    case 'like':
      return `matches the pattern ${value()}`;
    case 'ilike':
      return `matches the pattern ${value()} (ignoring case)`;
    case 'hasKey':
      return `has the key ${value()}`;
    case 'isEmpty':
      return isTrue ? 'is empty' : 'is not empty';
    case 'mode':
      return null;
    default:
      return assertNever(operator);
  }
}

const times: readonly string[] = ['DateTime', 'Date', 'Time'];

function operandText(context: PhraseContext, node: FilterNode, type: ValueType): string {
  switch (node.kind) {
    case 'LITERAL':
      return literalText(node);
    case 'REFERENCE':
      return referenceText(node.reference, {
        callers: context.callers,
        isDate: type.name === 'Date',
      });
    case 'OBJECT':
    case 'LIST':
    case 'CAN':
      throw unchecked();
    default:
      return assertNever(node);
  }
}

/** The words for a value that is known only when an operation runs. */
export function referenceText(
  reference: Reference,
  { callers, isDate }: { readonly callers: string; readonly isDate: boolean },
): string {
  switch (reference.of) {
    case 'USER':
      return `${callers} ${code(reference.field)}`;
    case 'CLAIM':
      return `the claim ${code(reference.name)}`;
    case 'ROW':
      return `the row's own ${code(reference.field)}`;
    case 'NOW':
      return isDate ? "today's date" : 'the current time';
    default:
      return assertNever(reference);
  }
}

const maxItems = 5;

/** A constant, or the items of a list. */
export function literalText({ literal }: LiteralNode): string {
  const node = parseConstValue(literal);
  if (node.kind !== Kind.LIST) return code(literal);
  if (node.values.length === 0) return 'an empty list';
  const items = node.values.slice(0, maxItems).map((item) => code(print(item)));
  const more = node.values.length - items.length;
  return items.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function literalOf(node: FilterNode): string | null {
  return node.kind === 'LITERAL' ? node.literal : null;
}

const maxLength = 60;

/** Marks a name or a value. */
export function code(text: string): string {
  const short = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return `\`${short.replaceAll('`', "'")}\``;
}

function one(text: string): Phrase {
  return { parts: [text], kind: 'AND' };
}

/** Joins the phrases that are conditions. Null if none is. */
function joined(phrases: readonly (Phrase | null)[], kind: Phrase['kind']): Phrase | null {
  const conditions = phrases.filter((phrase) => phrase !== null);
  const [first, ...others] = conditions;
  if (first === undefined || others.length === 0) return first ?? null;
  const parts = conditions.flatMap((phrase) =>
    phrase.kind === kind ? phrase.parts : [inParentheses(phrase)],
  );
  return { parts, kind };
}

function inParentheses(phrase: Phrase): string {
  return phrase.parts.length === 1 ? textOf(phrase) : `(${textOf(phrase)})`;
}

/** `a, b and c` */
export function listed(texts: readonly string[], last: 'and' | 'or'): string {
  const final = texts.at(-1) ?? '';
  return texts.length < 2 ? final : `${texts.slice(0, -1).join(', ')} ${last} ${final}`;
}
