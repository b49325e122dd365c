import type { Rows } from '../../src/engine/sql/statement-runner.ts';
import { bytesOf, textOfBytes } from '../../src/platform/bytes.ts';

type TextRows = readonly (readonly (string | null)[])[];

/** Encodes rows as a connection returns them. */
export const rowsOf = (rows: TextRows): Rows =>
  rows.map((row) => row.map((value) => (value === null ? null : bytesOf(value))));

/** Decodes the rows that a connection returned. */
export const textsOf = (rows: Rows): TextRows =>
  rows.map((row) => row.map((value) => (value === null ? null : textOfBytes(value))));
