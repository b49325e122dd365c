export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A row as the project API answers it. */
export type JsonObject = Readonly<Record<string, JsonValue>>;
