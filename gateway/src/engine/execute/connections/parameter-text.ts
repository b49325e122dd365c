import type { PgValue } from '../../compile/statement.ts';

/** A parameter in PostgreSQL's text format: `['a', null]` → `{"a",NULL}`. */
export function parameterText(value: PgValue): string | null {
  if (typeof value === 'string' || value === null) return value;
  if (typeof value === 'object') return `{${value.map(arrayItem).join()}}`;
  return String(value);
}

/** Quoted always, so that nothing in it reads as a brace, a comma or NULL (PostgreSQL manual, 8.15.6). */
function arrayItem(item: string | null): string {
  return item === null ? 'NULL' : `"${item.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
