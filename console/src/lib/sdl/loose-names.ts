/** What a text defines, as far as can be told while it is being written. */
export interface LooseNames {
  readonly types: readonly LooseType[];
  readonly enums: readonly { readonly name: string; readonly values: readonly string[] }[];
}

interface LooseType {
  readonly name: string;
  readonly fields: readonly string[];
}

/** Reads names off a text that may not be parsed: comments and texts are passed over, all else is guessed. */
export function looseNames(text: string): LooseNames {
  const bare = text.replace(/"""[^]*?(?:"""|$)|"(?:[^"\\\n]|\\.)*"?|#.*/g, '""');
  const types: LooseType[] = [];
  const enums: { name: string; values: string[] }[] = [];
  for (const [, keyword, name, body] of bare.matchAll(definition)) {
    if (name === undefined) continue;
    if (keyword === 'enum') enums.push({ name, values: (body ?? '').match(/\w+/g) ?? [] });
    else types.push({ name, fields: [...(body ?? '').matchAll(field)].map(([, of]) => of ?? '') });
  }
  return { types, enums };
}

/** A body ends at its bracket, at the next definition, or with the text. */
const definition =
  /\b(type|enum)\s+(\w+)[^{}]*?(?:\{([^}]*?)(?:\}|(?=\b(?:type|enum)\s+\w+)|$)|(?=\b(?:type|enum)\s)|$)/g;

/** A name before a colon, and not one of a directive's arguments. */
const field = /(?:^|[\n,{]|\s)(\w+)\s*:(?![^(\n]*\))/g;
