import type { JsonObject, JsonValue } from '#console/lib/model/json.ts';

import type { ExportColumn } from './export-columns.ts';

export interface CsvOptions {
  /**
   * Puts an apostrophe before a text that a spreadsheet would take for a formula, as OWASP advises on CSV
   * injection. Programs that read the file back want it off.
   */
  readonly isGuarded: boolean;
}

/**
 * RFC 4180: commas, CRLF, quotes doubled inside quotes. Null is nothing between two commas, and an empty text
 * is a pair of quotes. Lists and JSON are JSON; exact numbers keep their digits.
 */
export const csvHeader = (columns: readonly ExportColumn[]): string =>
  `${columns.map(({ name }) => quoted(name)).join(',')}\r\n`;

export function csvRow(
  columns: readonly ExportColumn[],
  row: JsonObject,
  { isGuarded }: CsvOptions,
): string {
  const cells = columns.map(({ isText, valueOf }) => {
    const value = valueOf(row);
    if (value === null) return '';
    const text = textOf(value);
    return quoted(isGuarded && isText && isFormula(text) ? `'${text}` : text);
  });
  // A line with nothing in it would be read as no row.
  return `${cells.length === 1 && cells[0] === '' ? '""' : cells.join(',')}\r\n`;
}

const textOf = (value: JsonValue): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** Also behind white space, which spreadsheets skip, and in the full width of East Asian typing. */
const isFormula = (text: string): boolean => /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(text);

const quoted = (text: string): string =>
  text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
