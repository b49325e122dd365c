import { median } from '../lib/load.ts';
import type { Slice, Slices } from './compare.ts';
import type { PeerName } from './peers.ts';
import { peerTitles } from './peers.ts';
import { shapeTitles, type ShapeName } from './shapes.ts';

/** A target and the measured result. */
export interface Aim {
  readonly what: string;
  readonly wanted: string;
  readonly found: string;
  readonly reached: boolean;
}

/** Returns the median ratio of two peers' figures across the rounds, or null if one of them was not measured. */
function ratioOf(
  slices: Slices,
  one: PeerName,
  other: PeerName,
  figure: (slice: Slice) => number,
): number | null {
  const [ones, others] = [slices.get(one), slices.get(other)];
  const ratios = (ones ?? []).flatMap((slice, round) => {
    const beside = others?.[round];
    return beside === undefined ? [] : [figure(slice) / figure(beside)];
  });
  return ratios.length === 0 ? null : median(ratios);
}

const rate = ({ perSecond }: Slice): number => perSecond;
const p99 = (slice: Slice): number => slice.p99;

/** Prints one row per peer for each shape. */
export function printFigures(shapes: ReadonlyMap<ShapeName, Slices>): void {
  for (const [shape, slices] of shapes) {
    console.log(`\n(${shape}) ${shapeTitles[shape]}`);
    printSlices(slices);
  }
}

export function printSlices(slices: Slices): void {
  const rows = [...slices].map(([name, taken]) => {
    const middle = (figure: (slice: Slice) => number) => median(taken.map(figure));
    return [
      peerTitles[name],
      {
        'requests/s': Math.round(middle(rate)),
        'ratio to bare': ratioOf(slices, name, 'bare', rate)?.toFixed(2) ?? '-',
        'p50 ms': middle((slice) => slice.p50).toFixed(2),
        'p99 ms': middle(p99).toFixed(2),
        'server CPU µs': Math.round(middle((slice) => (slice.serverCpuMs ?? NaN) * 1_000)),
        'PostgreSQL CPU µs': Math.round(middle((slice) => (slice.databaseCpuMs ?? NaN) * 1_000)),
        'load CPU': `${Math.round(middle((slice) => slice.cpu) * 100)} %`,
        'RSS MB': Math.round(middle((slice) => slice.residentMb ?? NaN)),
      },
    ] as const;
  });
  console.table(Object.fromEntries(rows));
}

/** The targets for one shape (issue 4). */
export function aimsOf(shape: ShapeName, slices: Slices): Aim[] {
  const tesseraTo = (other: PeerName) => ratioOf(slices, 'tessera', other, rate);
  const graphile = shape === 'd' || shape === 'e' ? 2.5 : 3;
  const p99Ratio = ratioOf(slices, 'tessera', 'postgraphile', p99);
  return [
    ...atLeast(`(${shape}) rate compared to bare`, tesseraTo('bare'), 0.9),
    ...atLeast(`(${shape}) rate compared to PostGraphile`, tesseraTo('postgraphile'), graphile),
    ...atLeast(`(${shape}) rate compared to Mercurius`, tesseraTo('mercurius'), 1),
    ...atMost(`(${shape}) p99 compared to PostGraphile`, p99Ratio, 0.5),
  ];
}

/**
 * Returns the target for the latency of quick requests while large responses are sent.
 * @param slices figures for shape (a), measured together with a client that requests 1 MB responses
 */
export const companyAims = (slices: Slices): Aim[] =>
  atMost(
    '(a) p99 compared to bare, with 1 MB answers in parallel',
    ratioOf(slices, 'tessera', 'bare', p99),
    1.5,
  );

/**
 * Returns the target for memory usage under load.
 * @param shapes the slices for each shape, which include Tessera's memory usage
 */
export function loadMemoryAims(shapes: Iterable<Slices>): Aim[] {
  const taken = [...shapes].flatMap((slices) => slices.get('tessera') ?? []);
  const sizes = taken.flatMap(({ residentMb }) => residentMb ?? []);
  const most = sizes.length === 0 ? null : Math.max(...sizes);
  return atMost('RSS under load, MB', most, 200);
}

function atLeast(what: string, found: number | null, least: number): Aim[] {
  if (found === null) return [];
  return [{ what, wanted: `≥ ${least}`, found: inShort(found), reached: found >= least }];
}

export function atMost(what: string, found: number | null, most: number): Aim[] {
  if (found === null) return [];
  return [{ what, wanted: `≤ ${most}`, found: inShort(found), reached: found <= most }];
}

const inShort = (figure: number): string => figure.toFixed(figure < 20 ? 2 : 0);

export function printAims(aims: readonly Aim[]): void {
  if (aims.length === 0) return;
  console.log('\nTessera compared to its targets');
  console.table(
    Object.fromEntries(
      aims.map(({ what, wanted, found, reached }) => [
        what,
        { wanted, found, verdict: reached ? 'reached' : 'MISSED' },
      ]),
    ),
  );
  const short = aims.filter(({ reached }) => !reached);
  console.log(
    short.length === 0
      ? 'All targets are met.'
      : `Missed targets: ${short.map(({ what, found, wanted }) => `${what} ${found} (${wanted})`).join('; ')}.`,
  );
}
