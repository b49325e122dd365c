import {
  effectiveRights,
  linesOf,
  readSdl,
  type Diagnostic,
  type EffectiveRights,
} from '../../engine/schema.ts';

export type RightsReading =
  | { readonly ok: true; readonly rights: EffectiveRights }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Reads an SDL and describes what callers with access rules can do with it. */
export function readRights(sdl: string): RightsReading {
  const reading = readSdl(sdl);
  return reading.ok ? { ok: true, rights: effectiveRights(reading.model, linesOf(sdl)) } : reading;
}
