import type { ByteList } from '../../platform/bytes.ts';

/** The latest result of a row of a cohort. */
export interface StoredResult {
  /** The JSON for `data`. */
  readonly data: ByteList;
  /** The operations that change the result before it into this one, as JSON (RFC 6902). Null if there are none. */
  readonly patch: string | null;
}

/**
 * Keeps latest results for readers that have not taken them yet, and as the base of patches. Within a byte limit, in
 * total and for each project. A result that was dropped is computed again when it is needed.
 */
export interface LastResults<Row extends object> {
  get(row: Row): StoredResult | null;
  set(project: string, row: Row, result: StoredResult): void;
  delete(row: Row): void;
  /** The size of all results. */
  readonly bytes: number;
}

export interface LastResultsLimits {
  readonly bytes: number;
  readonly bytesPerProject: number;
}

interface Entry<Row> {
  readonly project: string;
  readonly row: Row;
  readonly result: StoredResult;
  readonly bytes: number;
}

/** The bytes that an entry takes in addition to its texts. */
const overhead = 200;

/** Creates a store that drops the results that were not used for the longest time. */
export function createLastResults<Row extends object>({
  bytes: maxBytes,
  bytesPerProject,
}: LastResultsLimits): LastResults<Row> {
  /** In the order of their last use, like the entries of each project. */
  const all = new Map<Row, Entry<Row>>();
  const projects = new Map<string, { bytes: number; readonly rows: Set<Row> }>();
  let total = 0;

  const drop = (row: Row): void => {
    const entry = all.get(row);
    if (entry === undefined) return;
    all.delete(row);
    total -= entry.bytes;
    const own = projects.get(entry.project);
    if (own === undefined) return;
    own.bytes -= entry.bytes;
    own.rows.delete(row);
    if (own.rows.size === 0) projects.delete(entry.project);
  };

  const keep = (entry: Entry<Row>): void => {
    const { project, row, bytes } = entry;
    const own = projects.get(project) ?? { bytes: 0, rows: new Set<Row>() };
    projects.set(project, own);
    all.set(row, entry);
    own.rows.add(row);
    own.bytes += bytes;
    total += bytes;
    for (const oldest of own.rows) {
      if (own.bytes <= bytesPerProject) break;
      drop(oldest);
    }
    for (const oldest of all.keys()) {
      if (total <= maxBytes) break;
      drop(oldest);
    }
  };

  return {
    get(row) {
      const entry = all.get(row);
      if (entry === undefined) return null;
      drop(row);
      keep(entry);
      return entry.result;
    },
    set(project, row, result) {
      drop(row);
      const bytes = overhead + result.data.length + (result.patch?.length ?? 0);
      if (bytes <= Math.min(bytesPerProject, maxBytes)) keep({ project, row, result, bytes });
    },
    delete: drop,
    get bytes() {
      return total;
    },
  };
}
