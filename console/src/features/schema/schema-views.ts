/** What stands beside the text. */
export const schemaViews = ['plan', 'picture'] as const;

export type SchemaView = (typeof schemaViews)[number];
