import type { JsonObject } from '#console/lib/model/json.ts';

import type { ExportColumn } from './export-columns.ts';
import { csvHeader, csvRow } from './csv.ts';
import { jsonEnd, jsonRow, jsonStart } from './json.ts';

/** More would take the browser's memory; for all of a large table there is the API. */
export const exportBound = 100_000;

export type ExportFormat = 'csv' | 'json';

export interface RowsPage {
  readonly nodes: readonly JsonObject[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export interface ExportJob {
  readonly format: ExportFormat;
  readonly columns: readonly ExportColumn[];
  readonly isGuarded: boolean;
  /** The page after a cursor; rejects when it is called off. */
  readonly fetchPage: (after: string | null) => Promise<RowsPage>;
  readonly onProgress: (rows: number) => void;
  readonly bound?: number;
}

export interface ExportedFile {
  readonly file: Blob;
  readonly rows: number;
  /** There were more rows than the bound lets in. */
  readonly isCut: boolean;
}

const mimeTypes = { csv: 'text/csv;charset=utf-8', json: 'application/json' } as const;

/** Page after page into a file; the parts become blobs on the way, which a browser may keep on its disk. */
export async function exportRows(job: ExportJob): Promise<ExportedFile> {
  const { format, columns, bound = exportBound } = job;
  const parts: Blob[] = [new Blob([format === 'csv' ? csvHeader(columns) : jsonStart])];
  let rows = 0;
  let after: string | null = null;
  for (;;) {
    const page: RowsPage = await job.fetchPage(after);
    const taken = page.nodes.slice(0, bound - rows);
    parts.push(new Blob([taken.map((row, index) => rowText(job, row, rows + index)).join('')]));
    rows += taken.length;
    job.onProgress(rows);
    const isMore = page.pageInfo.hasNextPage || taken.length < page.nodes.length;
    after = page.pageInfo.endCursor;
    if (isMore && rows < bound && after !== null && page.nodes.length > 0) continue;
    if (format === 'json') parts.push(new Blob([jsonEnd]));
    return { file: new Blob(parts, { type: mimeTypes[format] }), rows, isCut: isMore };
  }
}

const rowText = ({ format, columns, isGuarded }: ExportJob, row: JsonObject, index: number) =>
  format === 'csv' ? csvRow(columns, row, { isGuarded }) : jsonRow(columns, row, index);
