/** The engine's first face: SDL text → model, with diagnostics. */
export { readSdl } from './sdl/read-sdl.ts';
export type { Diagnostic } from './sdl/diagnostics.ts';
export type { Model } from './sdl/model.ts';
