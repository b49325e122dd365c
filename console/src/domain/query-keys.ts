/**
 * All query cache keys. A key starts with its parent's key, so invalidating or removing `queryKeys.project.one(ref)`
 * affects everything that is cached for the project.
 */
const viewer = ['viewer'] as const;
const organization = (slug: string) => ['organization', slug] as const;
const projectLists = (slug: string) => [...organization(slug), 'projects'] as const;
const projects = ['project'] as const;
const project = (ref: string) => [...projects, ref] as const;
const apiKeys = (ref: string) => [...project(ref), 'keys'] as const;
const data = (ref: string) => [...project(ref), 'data'] as const;
/** All pages of one model's rows, with any filter and sort order. */
const rowPages = (ref: string, model: string) => [...data(ref), 'rows', model] as const;

export const queryKeys = {
  accountPolicy: ['account-policy'] as const,
  viewer: {
    one: viewer,
    sessions: [...viewer, 'sessions'],
    /** All pages of the log of the user's account. */
    log: [...viewer, 'log'],
    logPage: (page: object) => [...viewer, 'log', page] as const,
  },
  /** Keyed by the token from an emailed link. */
  invitation: (token: string) => ['invitation', token] as const,
  emailVerification: (token: string) => ['email-verification', token] as const,
  organization: {
    one: organization,
    members: (slug: string) => [...organization(slug), 'members'] as const,
    membersPage: (slug: string, search: object) =>
      [...organization(slug), 'members', search] as const,
    invitations: (slug: string) => [...organization(slug), 'invitations'] as const,
    auditLog: (slug: string, search: object) => [...organization(slug), 'audit', search] as const,
    auditChoices: (slug: string) => [...organization(slug), 'audit-choices'] as const,
    /** All lists of the organization's projects. */
    projects: projectLists,
    dashboardProjects: (slug: string, page: object) =>
      [...projectLists(slug), 'dashboard', page] as const,
    switcherProjects: (slug: string) => [...projectLists(slug), 'switcher'] as const,
  },
  project: {
    /** All projects in all organizations. */
    all: projects,
    one: project,
    /** `viewAs` is the caller as whom the member sees the API; null for the member's own permissions. */
    models: (ref: string, schemaVersion: number, viewAs: string | null) =>
      [...project(ref), 'models', schemaVersion, viewAs] as const,
    auditLog: (ref: string) => [...project(ref), 'audit'] as const,
    usage: (ref: string, days: number) => [...project(ref), 'usage', days] as const,
    storage: (ref: string) => [...project(ref), 'storage'] as const,
    accessSettings: (ref: string) => [...project(ref), 'access-settings'] as const,
    /** All queries for the project's API keys. */
    apiKeys,
    apiKeysPage: (ref: string, search: object) => [...apiKeys(ref), search] as const,
    apiKeyUsage: (ref: string) => [...apiKeys(ref), 'usage'] as const,
    schema: (ref: string) => [...project(ref), 'schema'] as const,
    schemaPlan: (ref: string, baseVersion: number, sdl: string) =>
      [...project(ref), 'schema-plan', baseVersion, sdl] as const,
    access: (ref: string, sdl: string) => [...project(ref), 'access', sdl] as const,
    schemaVersions: (ref: string) => [...project(ref), 'schema-versions'] as const,
    schemaVersion: (ref: string, version: number) =>
      [...project(ref), 'schema-version', version] as const,
  },
  data: {
    /** All queries for the project's rows. */
    all: data,
    rowPages,
    rowPage: (ref: string, model: string, operation: object) =>
      [...rowPages(ref, model), operation] as const,
    rowCount: (ref: string, model: string, operation: object) =>
      [...data(ref), 'row-count', model, operation] as const,
    /** The number of rows in each model. */
    rowCounts: (ref: string, models: readonly string[], viewAs: string | null) =>
      [...data(ref), 'row-counts', models, viewAs] as const,
    row: (ref: string, model: string, id: string, viewAs: string | null) =>
      [...data(ref), 'row', model, id, viewAs] as const,
    /** The first rows of a to-many relation of one row. */
    links: (ref: string, model: string, id: string, field: string, viewAs: string | null) =>
      [...data(ref), 'links', model, id, field, viewAs] as const,
    choices: (ref: string, model: string, text: string) =>
      [...data(ref), 'choices', model, text] as const,
  },
} as const;
