import type { Field } from '../sdl/model.ts';
import type { ModelIndex } from './model-index.ts';

/** The reason why a field is deprecated, or null. A relation to a deprecated type is deprecated too. */
export function deprecationOf(
  { index }: { readonly index: ModelIndex },
  field: Field,
): string | null {
  if (field.kind === 'VALUE') return field.deprecationReason;
  return field.deprecationReason ?? index.type(field.target).deprecationReason;
}
