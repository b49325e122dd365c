export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A JSON object, such as a row in a response from the project API. */
export type JsonObject = Readonly<Record<string, JsonValue>>;
