/** A list as PostgreSQL reads an array: `['a', null]` → `{"a",NULL}`. */
export function arrayText(items: readonly (string | null)[]): string {
  return `{${items.map(arrayItem).join()}}`;
}

/** Quoted always, so that nothing in it reads as a brace, a comma or NULL (PostgreSQL manual, 8.15.6). */
function arrayItem(item: string | null): string {
  return item === null ? 'NULL' : `"${item.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
