// Checks that all peers return the same responses before anything is measured, because a smaller response would be
// faster.
import { isDeepStrictEqual } from 'node:util';

import type { DatasetSize } from './dataset-ids.ts';
import type { Peer } from './peers.ts';
import { variablesOf, type RequestKind } from './shapes.ts';

const samples = 4;
/** Outside the range of numbers that the load generator uses. */
const firstNumber = 900_000_000;

export interface Disagreement {
  readonly kind: RequestKind;
  readonly why: string;
}

/**
 * Sends a few requests of each kind to both the peer and the reference peer, and compares the responses. Returns at
 * most one difference for each kind of request.
 */
export async function verify(
  peer: Peer,
  model: Peer,
  kinds: readonly RequestKind[],
  size: DatasetSize,
): Promise<readonly Disagreement[]> {
  const found: Disagreement[] = [];
  for (const kind of kinds) {
    const why = await disagreement(peer, model, kind, size);
    if (why !== null) found.push({ kind, why });
  }
  return found;
}

let number = firstNumber;

async function disagreement(peer: Peer, model: Peer, kind: RequestKind, size: DatasetSize) {
  for (let sample = 0; sample < samples; sample += 1) {
    // Spreads the samples evenly across the dataset.
    const source = {
      size,
      keys: 'uuid' as const,
      random: () => (sample + 0.5) / samples,
      nextNumber: () => (number += 1),
    };
    try {
      const answer = comparable(await ask(peer, kind, variablesOf(kind, source)));
      const wanted = comparable(await ask(model, kind, variablesOf(kind, source)));
      if (!isDeepStrictEqual(answer, wanted))
        return `${inShort(answer)}\ninstead of ${inShort(wanted)}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  return null;
}

async function ask(peer: Peer, kind: RequestKind, variables: Record<string, unknown>) {
  const response = await fetch(`http://127.0.0.1:${peer.port}${peer.path(kind)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...peer.headers },
    body: JSON.stringify({ query: peer.documents[kind], variables }),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${text.slice(0, 300)}`);
  // The comparison checks the contents of `data`.
  const { data, errors } = JSON.parse(text) as { data?: unknown; errors?: unknown };
  if (errors !== undefined) throw new Error(`Errors: ${text.slice(0, 300)}`);
  return { data, isInsert: kind === 'e' };
}

/** Removes permitted differences: wrappers, number and date formats, and the new values of an insert. */
function comparable({ data, isInsert }: { data: unknown; isInsert: boolean }): unknown {
  const fresh = new Set(isInsert ? ['id', 'number', 'title', 'createdAt'] : []);
  const walk = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((each) => walk(each, ''));
    if (fresh.has(key)) return typeof value;
    // PostGraphile returns the count as a BigInt string, Tessera as a number.
    if (key === 'totalCount') return Number(value);
    // Tessera omits trailing zeros from averages.
    if (key === 'avg') return Number(Object.values(value as object)[0]);
    if (key === 'createdAt') return new Date(String(value)).getTime();
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    // A connection that contains only nodes is compared as a list, and a payload that contains only an issue is
    // compared as the issue.
    if (entries.length === 1 && only !== undefined && (only[0] === 'nodes' || only[0] === 'issue'))
      return walk(only[1], '');
    return Object.fromEntries(entries.map(([name, each]) => [name, walk(each, name)]));
  };
  return walk(data, '');
}

const inShort = (value: unknown): string => JSON.stringify(value).slice(0, 300);
