import { arrayText } from '../../engine/runtime.ts';
import type { PgValue } from '../../engine/runtime.ts';

/** A parameter in PostgreSQL's text format: `['a', null]` → `{"a",NULL}`. */
export function parameterText(value: PgValue): string | null {
  if (typeof value === 'string' || value === null) return value;
  return typeof value === 'object' ? arrayText(value) : String(value);
}
