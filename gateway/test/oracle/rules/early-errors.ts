import type { ModelType } from '../../../src/engine/sdl/model.ts';
import { asInput } from '../input.ts';
import { findByKey } from '../unique.ts';
import type { RuleWorld } from './rule-world.ts';

/** The codes of errors in nested inputs, which can be found before the rows. */
export function nestedCodes(type: ModelType, data: unknown): readonly string[] {
  if (data == null) return [];
  const input = asInput(data);
  const nests = type.fields.some((field) => field.kind !== 'VALUE' && input[field.name] != null);
  return nests ? ['NOT_FOUND', 'FORBIDDEN', 'BAD_USER_INPUT', 'UNIQUE_VIOLATION'] : [];
}

/**
 * Whether an input connects a row that the caller does not see. A row that is named by a key other than the primary key
 * is looked up before any rule of the written rows is checked, a row that is named by its primary key is not.
 */
export function namesHidden(world: RuleWorld, type: ModelType, data: unknown): boolean {
  if (data === null || data === undefined) return false;
  const input = asInput(data);
  return type.fields.some((field) => {
    const nested = field.kind === 'VALUE' ? undefined : input[field.name];
    if (field.kind === 'VALUE' || nested === null || nested === undefined) return false;
    const target = world.store.index.type(field.target);
    const { connect, set, create } = asInput(nested);
    const named = [connect, set].flatMap(asList).map(asInput);
    return (
      named.some((key) => findByKey(world.visible(), target, key) === null) ||
      asList(create).some((row) => namesHidden(world, target, row))
    );
  });
}

export function asList(value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
