/** The documentation pages that the console links to. The gateway serves them at `/docs/`. */
export const docsPages = {
  start: '/docs/',
  schemaLanguage: '/docs/reference/schema-language.html',
  query: '/docs/guide/query.html',
  letUsersIn: '/docs/guide/let-users-in.html',
  keys: '/docs/guide/keys.html',
  goBack: '/docs/guide/migrate.html#go-back',
  fullProject: '/docs/guide/troubleshoot.html#a-project-is-full',
  pipeline: '/docs/guide/migrate.html#in-a-pipeline',
} as const;

export type DocsPage = keyof typeof docsPages;
