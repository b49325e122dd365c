import { GraphQLError, Kind, parseConstValue, print, type ConstValueNode } from 'graphql';

import type { AccessOperation, Audience, RuleDraft } from './written-rules.ts';

/** A rule as a sentence: `Everyone can read the rows where publishedAt is before or at the current time.` */
export function ruleSentence({ directive, to, as, ...filters }: RuleDraft): string {
  const operations = joined(
    to.map((operation) => operationVerbs[operation]),
    'and',
  );
  const { where, check, user, claims } = filters;
  const conditions = [
    ...(isEmpty(user) ? [] : [`for their own row, ${filterWords(user)}`]),
    ...(isEmpty(claims) ? [] : [filterWords(claims, 'the claim ')]),
  ];
  const rows = isEmpty(where) ? 'all rows' : `the rows where ${filterWords(where)}`;
  const after =
    check.trim() === ''
      ? ''
      : isEmpty(check)
        ? ' After an update, the row can have any values.'
        : ` After an update, ${filterWords(check)}.`;
  if (directive === 'require') {
    const must = isEmpty(where) ? [] : [filterWords(where)];
    const all = joined([...must, ...conditions], 'and');
    return `To ${operations} a row, this must also hold: ${all === '' ? 'nothing more' : all}.${after}`;
  }
  const condition = conditions.length === 0 ? '' : `, if ${joined(conditions, 'and')}`;
  return `${audienceWords[as]} can ${operations} ${rows}${condition}.${after}`;
}

export const operationVerbs: Readonly<Record<AccessOperation, string>> = {
  READ: 'read',
  CREATE: 'create',
  UPDATE: 'update',
  DELETE: 'delete',
  LINK: 'refer to',
};

/** The audiences as the subject of a sentence. */
export const audienceWords: Readonly<Record<Audience, string>> = {
  PUBLIC: 'Everyone',
  GUEST: 'Signed-in callers and guests',
  USER: 'Signed-in users',
};

/** Conditions as words. @param prefix is written before the name of each field */
export function filterWords(filter: string, prefix = ''): string {
  try {
    return conditions(parseConstValue(filter), prefix);
  } catch (error) {
    if (error instanceof GraphQLError || error instanceof RangeError) return filter.trim();
    throw error;
  }
}

const isEmpty = (filter: string): boolean => /^\s*(?:\{[\s,]*\})?\s*$/.test(filter);

function conditions(node: ConstValueNode, path: string): string {
  if (node.kind !== Kind.OBJECT) return print(node);
  const parts = node.fields.map(({ name, value }) => condition(name.value, value, path));
  return parts.length === 0 ? 'any value' : joined(parts, 'and');
}

function condition(name: string, value: ConstValueNode, path: string): string {
  switch (name) {
    case 'and':
    case 'or': {
      const items = value.kind === Kind.LIST ? value.values : [value];
      const words = items.map((item) => conditions(item, path));
      return items.length === 1 ? words.join('') : `(${joined(words, name)})`;
    }
    case 'not':
      return `not (${conditions(value, path)})`;
    case '_can':
      return `the caller can read ${path.replace(/\.$/, '')}`;
    default:
      break;
  }
  if (value.kind !== Kind.OBJECT) return `${path}${name} ${print(value)}`;
  const [first] = value.fields;
  const quantifier = first === undefined ? undefined : quantifierWords[first.name.value];
  if (quantifier !== undefined && first !== undefined) {
    return value.fields
      .map((field) => {
        const words = quantifierWords[field.name.value] ?? quantifier;
        return `${words} ${path}${name} (${conditions(field.value, '')})`;
      })
      .join(' and ');
  }
  if (value.fields.every((field) => Object.hasOwn(operatorWords, field.name.value))) {
    const operators = value.fields.filter((field) => field.name.value !== 'mode');
    return joined(
      operators.map((field) => `${path}${name} ${comparison(field.name.value, field.value)}`),
      'and',
    );
  }
  return conditions(value, `${path}${name}.`);
}

const quantifierWords: Readonly<Record<string, string>> = {
  some: 'at least one of its',
  every: 'each of its',
  none: 'none of its',
};

const operatorWords: Readonly<Record<string, string>> = {
  eq: 'is',
  neq: 'is not',
  in: 'is one of',
  notIn: 'is none of',
  isNull: 'is null',
  lt: 'is less than',
  lte: 'is at most',
  gt: 'is greater than',
  gte: 'is at least',
  contains: 'contains',
  startsWith: 'starts with',
  endsWith: 'ends with',
  like: 'matches',
  ilike: 'matches, in any case,',
  mode: '',
  hasKey: 'has the key',
  has: 'contains',
  hasSome: 'contains one of',
  hasEvery: 'contains all of',
  isEmpty: 'is empty',
};

function comparison(operator: string, value: ConstValueNode): string {
  const words = operatorWords[operator] ?? operator;
  if (operator === 'isNull' || operator === 'isEmpty') {
    const isTrue = value.kind === Kind.BOOLEAN && value.value;
    return isTrue ? words : words.replace('is', 'is not');
  }
  return `${words} ${operand(value)}`;
}

function operand(value: ConstValueNode): string {
  if (value.kind === Kind.LIST) return joined(value.values.map(operand), 'and');
  if (value.kind !== Kind.STRING) return print(value);
  const [, of = '', name = ''] = /^\$(user|claims|row|now)(?:\.(\w+))?$/.exec(value.value) ?? [];
  switch (of) {
    case 'user':
      return `the caller’s ${name}`;
    case 'claims':
      return `the claim ${name}`;
    case 'row':
      return `the row’s ${name}`;
    case 'now':
      return 'the current time';
    default:
      return JSON.stringify(value.value.replace(/^\$\$/, '$'));
  }
}

/** `a, b and c`. */
function joined(parts: readonly string[], word: 'and' | 'or'): string {
  const last = parts.at(-1);
  if (last === undefined || parts.length === 1) return last ?? '';
  return `${parts.slice(0, -1).join(', ')} ${word} ${last}`;
}
