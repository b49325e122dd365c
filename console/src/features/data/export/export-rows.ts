import Papa from 'papaparse';

import type { JsonObject, JsonValue } from '#console/domain/models/json.ts';
import type { KeyPart, Model } from '#console/domain/models/project-models.ts';

/** The maximum number of rows in an export. More rows could exhaust the browser's memory; the API has no such limit. */
export const exportBound = 100_000;

export type ExportFormat = 'csv' | 'json';

/** A column in the exported file. */
export interface ExportColumn {
  readonly name: string;
  /** Whether the value can contain free text, which a spreadsheet could run as a formula. */
  readonly isText: boolean;
  readonly valueOf: (row: Readonly<Record<string, JsonValue>>) => JsonValue;
}

/** All columns of the model's table: values and foreign keys. Two relations can share a column. */
export function exportColumnsOf(model: Model): readonly ExportColumn[] {
  const columns = model.fields.flatMap((field): readonly ExportColumn[] => {
    switch (field.kind) {
      case 'VALUE':
        return [column(field, field.isList)];
      case 'TO_ONE':
        return field.foreignKey?.fields.map((part) => column(part, false)) ?? [];
      case 'KEY':
      case 'TO_MANY':
        return [];
    }
  });
  return [...new Map(columns.map((each) => [each.name, each])).values()];
}

const column = ({ name, type }: KeyPart, isList: boolean): ExportColumn => ({
  name,
  isText: isList || type.name === 'String' || type.name === 'JSON',
  valueOf: (row) => row[name] ?? null,
});

export interface RowsPage {
  readonly nodes: readonly JsonObject[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export interface ExportJob {
  readonly format: ExportFormat;
  readonly columns: readonly ExportColumn[];
  /** Whether formulas are escaped; see `csvLines`. */
  readonly isGuarded: boolean;
  /** Fetches the page after a cursor; rejects when the export is cancelled. */
  readonly fetchPage: (after: string | null) => Promise<RowsPage>;
  readonly onProgress: (rows: number) => void;
  readonly bound?: number;
}

export interface ExportedFile {
  readonly file: Blob;
  readonly rows: number;
  /** Whether the number of rows exceeded the limit. */
  readonly isCut: boolean;
}

const mimeTypes = { csv: 'text/csv;charset=utf-8', json: 'application/json' } as const;

/** Reads all pages into a file. Each page is a blob, because the browser can keep blobs on disk. */
export async function exportRows(job: ExportJob): Promise<ExportedFile> {
  const { format, columns, bound = exportBound } = job;
  const parts: Blob[] = [new Blob([format === 'csv' ? csvHeader(columns) : '['])];
  let rows = 0;
  let after: string | null = null;
  for (;;) {
    const page: RowsPage = await job.fetchPage(after);
    const taken = page.nodes.slice(0, bound - rows);
    parts.push(new Blob([format === 'csv' ? csvLines(job, taken) : jsonLines(job, taken, rows)]));
    rows += taken.length;
    job.onProgress(rows);
    const isMore = page.pageInfo.hasNextPage || taken.length < page.nodes.length;
    after = page.pageInfo.endCursor;
    if (isMore && rows < bound && after !== null && page.nodes.length > 0) continue;
    if (format === 'json') parts.push(new Blob(['\n]\n']));
    return { file: new Blob(parts, { type: mimeTypes[format] }), rows, isCut: isMore };
  }
}

export const csvHeader = (columns: readonly ExportColumn[]): string =>
  csvText([columns.map(({ name }) => name)]);

/**
 * Formats rows as CSV (RFC 4180, with CRLF). Null is an empty field, and an empty string is a pair of quotes. Lists and
 * JSON are written as JSON. `BigInt` and `Decimal` values keep their full precision.
 *
 * With `isGuarded`, an apostrophe is added before text that a spreadsheet would run as a formula, as OWASP recommends
 * to prevent CSV injection. Turn it off for files that programs read.
 */
export function csvLines(
  { columns, isGuarded }: Pick<ExportJob, 'columns' | 'isGuarded'>,
  rows: readonly JsonObject[],
): string {
  return csvText(
    rows.map((row) => {
      const cells = columns.map(({ isText, valueOf }) => {
        const value = valueOf(row);
        if (value === null) return null;
        const text = typeof value === 'string' ? value : JSON.stringify(value);
        return isGuarded && isText && isFormula(text) ? `'${text}` : text;
      });
      // Parsers skip empty lines, so a row with a single null is written as a quoted empty field.
      return cells.length === 1 && cells[0] === null ? [''] : cells;
    }),
  );
}

const csvText = (lines: (string | null)[][]): string =>
  lines.length === 0 ? '' : `${Papa.unparse(lines, { newline: '\r\n', quotes: isQuoted })}\r\n`;

/**
 * Whether text must be quoted even if it contains no special characters: an empty string, to distinguish it from null,
 * or text with leading or trailing white space.
 */
const isQuoted = (text: string): boolean => text === '' || /^\s|\s$/.test(text);

/**
 * Whether a spreadsheet could run the text as a formula. This includes formulas after white space, which spreadsheets
 * skip, and formulas that start with a full-width character, which East Asian keyboards produce.
 */
const isFormula = (text: string): boolean => /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(text);

/** Formats rows as JSON, one per line, as the project API returns them: `BigInt` and `Decimal` are strings. */
const jsonLines = ({ columns }: ExportJob, rows: readonly JsonObject[], before: number): string =>
  rows
    .map((row, index) => {
      const values = columns.map(({ name, valueOf }) => [name, valueOf(row)]);
      return `${before + index === 0 ? '\n' : ',\n'}${JSON.stringify(Object.fromEntries(values))}`;
    })
    .join('');
