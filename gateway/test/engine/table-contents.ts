import type { Table } from '../../src/engine/migrations/tables/table.ts';
import type { EngineProject } from './project.ts';

export type Value = string | readonly string[] | null;

/** A row: its values by the names of the columns. Values are strings. */
export type Row = ReadonlyMap<string, Value>;

export async function readRows(project: EngineProject, table: Table): Promise<readonly Row[]> {
  const items = (column: string) =>
    `ARRAY(SELECT item::text FROM unnest("${column}") WITH ORDINALITY AS i (item, n) ORDER BY n)`;
  const selected = table.columns.map(({ name, list }, index) =>
    list
      ? `CASE WHEN "${name}" IS NULL THEN NULL ELSE ${items(name)} END AS "${index}"`
      : `"${name}"::text AS "${index}"`,
  );
  const rows = await project.query(`SELECT ${selected.join(', ')} FROM "${table.name}" ORDER BY 1`);
  return rows.map(
    (row) =>
      new Map(
        // The query selects only strings and lists of strings.
        table.columns.map(({ name }, index) => [name, row[String(index)] as Value]),
      ),
  );
}

/**
 * Returns whether two values are equal or have the same meaning in different types: `7` and `7.0`, `true` and `1`, `x`
 * and `[x]`, a list and its JSON.
 */
export function sameValue(before: Value, after: Value): boolean {
  if (typeof before === 'string' && typeof after === 'object' && after !== null) {
    return after.length === 1 && sameText(before, after[0] ?? '');
  }
  if (typeof before === 'object' && before !== null && typeof after === 'string') {
    const json = jsonItems(after);
    if (json !== null) return sameValue(before, json);
    return before.length === 1 && sameText(before[0] ?? '', after);
  }
  if (
    typeof before === 'object' &&
    before !== null &&
    typeof after === 'object' &&
    after !== null
  ) {
    const length = before.length === after.length;
    return length && before.every((item, index) => sameText(item, after[index] ?? ''));
  }
  if (before === null) return after === null || (Array.isArray(after) && after.length === 0);
  if (typeof after !== 'string' || typeof before !== 'string') {
    return Array.isArray(before) && before.length === 0 && after === null;
  }
  return sameText(before, after);
}

/** The items of a JSON list as texts. Null if the text is something else. */
function jsonItems(text: string): readonly string[] | null {
  if (!text.startsWith('[')) return null;
  const items: unknown = JSON.parse(text);
  if (!Array.isArray(items)) return null;
  return items.map((item) => (typeof item === 'string' ? item : JSON.stringify(item)));
}

function sameText(before: string, after: string): boolean {
  return (
    before === after ||
    before.toLowerCase() === after.toLowerCase() ||
    (before !== '' && after !== '' && Number(before) === Number(after)) ||
    sameInstant(before, after) ||
    sameJson(before, after) ||
    [`true 1`, `false 0`, `1 true`, `0 false`].includes(`${before} ${after}`)
  );
}

function sameJson(before: string, after: string): boolean {
  const isObject = (text: string) => /^[{[]/.test(text);
  if (!isObject(before) || !isObject(after)) return false;
  return JSON.stringify(JSON.parse(before)) === JSON.stringify(JSON.parse(after));
}

function sameInstant(before: string, after: string): boolean {
  const instant = (text: string) =>
    /^\d{4}-\d\d-\d\d/.test(text)
      ? Date.parse(
          text.length === 10 ? `${text}T00:00:00Z` : text.replace(' ', 'T').replace(/\+00$/, 'Z'),
        )
      : Number.NaN;
  return instant(before) === instant(after);
}
