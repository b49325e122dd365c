const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template tag for HTML that escapes interpolated values: `` html`<p>${name}</p>` ``. */
export function html(strings: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: strings }, ...values.map(escape));
}

function escape(value: string): string {
  return value.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
