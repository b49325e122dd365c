/** The tabs in the panel beside the editor. */
export const schemaViews = ['plan', 'picture', 'access'] as const;

export type SchemaView = (typeof schemaViews)[number];
