import { parseArgs } from 'node:util';

import { peerNames, type PeerName } from './peers.ts';
import { shapeNames, type ShapeName } from './shapes.ts';

export interface BenchOptions {
  readonly peers: readonly PeerName[];
  readonly shapes: readonly ShapeName[];
  readonly rounds: number;
  /** Duration of one slice: one peer in one round. */
  readonly sliceMs: number;
  /** Duration of one peer's warm-up with one shape. */
  readonly warmUpMs: number;
  readonly boards: number;
  readonly issuesPerBoard: number;
  /** Number of projects that one process serves in the memory measurement. 0 skips the measurement. */
  readonly projects: number;
}

export const usage = `npm run bench project-api -- [--quick] [--only tessera,bare] [--shapes a,e] [--rounds 5] [--projects 500]
  --quick     run fewer and shorter rounds with 20,000 issues and 50 projects
  --only      measure only these peers: ${peerNames.join(', ')}
  --shapes    measure only these shapes: ${shapeNames.join(', ')}
  --rounds    number of rounds per peer and shape
  --projects  number of projects in the memory measurement (0 skips it)`;

/** Parses the command-line arguments. @throws Error with a message that describes the invalid argument */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      shapes: { type: 'string' },
      rounds: { type: 'string' },
      projects: { type: 'string' },
    },
  });
  const base = values.quick ? quick : full;
  return {
    ...base,
    peers: chosen('--only', values.only, peerNames),
    shapes: chosen('--shapes', values.shapes, shapeNames),
    rounds: wholeNumber('--rounds', values.rounds, 1) ?? base.rounds,
    projects: wholeNumber('--projects', values.projects, 0) ?? base.projects,
  };
}

const full = {
  rounds: 5,
  sliceMs: 2_000,
  warmUpMs: 1_500,
  boards: 200,
  issuesPerBoard: 1_000,
  projects: 500,
};

const quick = {
  rounds: 3,
  sliceMs: 1_000,
  warmUpMs: 700,
  boards: 20,
  issuesPerBoard: 1_000,
  projects: 50,
};

function chosen<Name extends string>(
  flag: string,
  text: string | undefined,
  known: readonly Name[],
): readonly Name[] {
  if (text === undefined) return known;
  const wanted = text.split(',');
  const stranger = wanted.find((name) => !known.some((each) => each === name));
  if (stranger !== undefined)
    throw new Error(`${flag} ${stranger}: must be one of ${known.join(', ')}.`);
  return known.filter((name) => wanted.includes(name));
}

function wholeNumber(flag: string, text: string | undefined, least: number): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > 1_000)
    throw new Error(`${flag} must be an integer from ${least} to 1000.`);
  return value;
}
