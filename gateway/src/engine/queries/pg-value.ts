import type { ScalarName, ValueType } from '../sdl/model.ts';
import { storableText } from '../sdl/scalar-values.ts';
import { issueTexts, operationErrors } from '../errors.ts';
import { inputLimits, type InputPath } from './input-budget.ts';
import type { PgValue } from './statement.ts';

/**
 * The parameter for one coerced value. Most of this has been checked where GraphQL coerced it; what its own
 * scalars let through, and PostgreSQL would not take, ends here.
 * @throws OperationError
 */
export function pgScalar(type: ValueType, value: unknown, path: InputPath): string {
  const text = scalarText(type.kind === 'ENUM' ? 'String' : type.name, value);
  if (typeof text !== 'string') throw operationErrors.badValue(path, text.problem);
  return text;
}

/** The same for a list. @throws OperationError */
export function pgList(type: ValueType, value: unknown, path: InputPath): PgValue {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (items.length > inputLimits.listLength) {
    throw operationErrors.listTooLong(path, inputLimits.listLength);
  }
  return items.map((item, index) => pgScalar(type, item, [...path, index]));
}

interface Problem {
  readonly problem: string;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const unstorable: Problem = {
  problem: 'A text must not contain NUL or half of a surrogate pair.',
};

function scalarText(name: ScalarName, value: unknown): string | Problem {
  if (value === null || value === undefined) return { problem: issueTexts.notNull };
  switch (name) {
    case 'ID':
    case 'UUID':
      return typeof value === 'string' && uuid.test(value)
        ? value
        : { problem: 'This must be a UUID.' };
    case 'JSON':
      return JSON.stringify(value);
    case 'String':
    case 'Int':
    case 'Float':
    case 'Boolean':
    case 'BigInt':
    case 'Decimal':
    case 'DateTime':
    case 'Date':
      if (typeof value === 'string') return storableText(value) ?? unstorable;
      return typeof value === 'number' || typeof value === 'boolean'
        ? String(value)
        : { problem: 'This is no value of its type.' };
  }
}
