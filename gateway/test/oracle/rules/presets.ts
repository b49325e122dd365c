import type { AccessModel, Preset, PresetOperation } from '../../../src/engine/sdl/access-model.ts';
import type { ModelType } from '../../../src/engine/sdl/model.ts';

/** The preset of a field for an operation. Null if there is none. */
export function presetOf(
  access: AccessModel | null,
  type: ModelType,
  field: string,
  operation: PresetOperation,
): Preset | null {
  const rules = access?.types.find((each) => each.type === type.name);
  const preset = rules?.fields.find((each) => each.field === field)?.preset ?? null;
  return preset?.on.includes(operation) === true ? preset : null;
}
