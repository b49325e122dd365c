/** The definitions found in SDL text, which may be incomplete. */
export interface LooseNames {
  readonly types: readonly LooseType[];
  readonly enums: readonly { readonly name: string; readonly values: readonly string[] }[];
}

interface LooseType {
  readonly name: string;
  readonly fields: readonly string[];
}

/**
 * Extracts names from SDL text, which may be invalid. It skips comments and strings, and interprets the rest
 * heuristically.
 */
export function looseNames(text: string): LooseNames {
  const bare = text
    .replace(/"""[^]*?(?:"""|$)|"(?:[^"\\\n]|\\.)*"?|#.*/g, '""')
    // The arguments of directives can contain braces.
    .replace(/\([^()]*\)/g, '');
  const types: LooseType[] = [];
  const enums: { name: string; values: string[] }[] = [];
  for (const [, keyword, name, body] of bare.matchAll(definition)) {
    if (name === undefined) continue;
    if (keyword === 'enum') enums.push({ name, values: (body ?? '').match(/\w+/g) ?? [] });
    else types.push({ name, fields: [...(body ?? '').matchAll(field)].map(([, of]) => of ?? '') });
  }
  return { types, enums };
}

/** A body ends at its closing bracket, at the next definition, or at the end of the text. */
const definition =
  /\b(type|enum)\s+(\w+)[^{}]*?(?:\{([^}]*?)(?:\}|(?=\b(?:type|enum)\s+\w+)|$)|(?=\b(?:type|enum)\s)|$)/g;

/** A name before a colon, except directive arguments. */
const field = /(?:^|[\n,{]|\s)(\w+)\s*:(?![^(\n]*\))/g;
