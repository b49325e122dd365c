/** The first public module of the engine: turns SDL into a model, or reports diagnostics. */
export { readAppliedSdl, readSdl } from './sdl/read-sdl.ts';
export {
  effectiveRights,
  extents,
  ruleKinds,
  type DescribedRule,
  type EffectiveRight,
  type EffectiveRights,
  type FieldRights,
  type ModelRights,
} from './rules/effective-rights.ts';
export { accessOperations, audiences } from './sdl/access-model.ts';
export { explainBadBackfills } from './sdl/backfill-diagnostics.ts';
export { explainBadKeys } from './sdl/key-diagnostics.ts';
export { explainBadRenames } from './sdl/rename-diagnostics.ts';
export { linesOf } from './sdl/definition-lines.ts';
export { printSchemaLanguage } from './sdl/schema-language.ts';
export { explainLostUserFields, type IssuerReferences } from './sdl/user-field-diagnostics.ts';
export { userSchemaOf, type UserSchema } from './sdl/user-schema.ts';
export type { Diagnostic } from './sdl/diagnostics.ts';
export type { Model } from './sdl/model.ts';
