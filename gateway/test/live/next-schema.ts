import { readSdl } from '../../src/engine/schema.ts';
import type { Tape } from '../oracle/tape.ts';

export interface NextSchema {
  readonly sdl: string;
  readonly hasOtherRules: boolean;
}

/**
 * Changes the schema of a random world: permissions are taken away and given back, and fields and models are added.
 * @param original the first SDL of the world, which has all permissions
 */
export function nextSchema(original: string, current: string, tape: Tape): NextSchema {
  const isRule = (line: string) => line.startsWith('@allow');
  const keepsAll = tape.oneIn(3);
  const rules = original.split('\n').filter(isRule);
  const kept = tape.oneIn(4) ? currentRules(current) : keepsAll ? rules : tape.subset(rules, 7);
  const changed = withRules(original, kept);
  const added = withAddition(changed, additionsOf(current), tape);
  if (!readSdl(added).ok) return { sdl: current, hasOtherRules: false };
  const hasOtherRules = currentRules(current).join('\n') !== currentRules(added).join('\n');
  return { sdl: added, hasOtherRules };
}

const currentRules = (sdl: string): readonly string[] =>
  sdl.split('\n').filter((line) => line.startsWith('@allow'));

/** Keeps these rules of an SDL, each of which is a line. */
function withRules(sdl: string, kept: readonly string[]): string {
  const left = [...kept];
  const lines = sdl.split('\n').filter((line) => {
    if (!line.startsWith('@allow')) return true;
    const at = left.indexOf(line);
    if (at === -1) return false;
    left.splice(at, 1);
    return true;
  });
  return lines.join('\n');
}

const addition = /^ {2}added\d: Int$|^type Extra\d .*$/gm;

const additionsOf = (sdl: string): readonly string[] => sdl.match(addition) ?? [];

/** Adds what was added before, and sometimes a field of the first model or a model. */
function withAddition(sdl: string, before: readonly string[], tape: Tape): string {
  const number = before.length;
  const next = tape.pick([
    [],
    number < 9 ? [`  added${number}: Int`] : [],
    number < 9 ? [`type Extra${number} @model { id: ID! @id }`] : [],
  ]);
  const all = [...before, ...next];
  const fields = all.filter((line) => line.startsWith(' '));
  const types = all.filter((line) => !line.startsWith(' '));
  const lines = sdl.split('\n');
  const end = lines.indexOf('}');
  return [...lines.slice(0, end), ...fields, ...lines.slice(end), ...types].join('\n');
}
