const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is HTML already, and ours. */
export class RawHtml {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** HTML whose inserted values are text: `` html`<p>${name}</p>` ``. */
export function html(
  strings: TemplateStringsArray,
  ...values: readonly (string | RawHtml)[]
): string {
  return String.raw({ raw: strings }, ...values.map(asHtml));
}

function asHtml(value: string | RawHtml): string {
  if (value instanceof RawHtml) return value.text;
  return value.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
