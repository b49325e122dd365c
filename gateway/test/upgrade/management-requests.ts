import {
  organizationQuery,
  auditQuery,
  projectsQuery,
  projectQuery,
  invitationQuery,
  currentKeyQuery,
  planSchema,
  applyEmpty,
  createOrganization,
  createKey,
  leave,
  register,
  login,
} from './management-documents.ts';
import type { Request } from './client.ts';
import { password, type StoredData } from './stored-data.ts';

/** Returns queries to the management API, and mutations that the API must reject. */
export function managementRequests(stored: StoredData): readonly Request[] {
  const { owner, developer, invited, organization, keys, cursors, tracker, catalog } = stored;
  const as = (account: { readonly accessToken: string }) => account.accessToken;
  return [
    request('the owner with organization, members and invitations', as(owner), organizationQuery, {
      slug: organization.slug,
    }),
    request('the audit log', as(owner), auditQuery, { slug: organization.slug }),
    request('projects after an earlier cursor', as(owner), projectsQuery, {
      slug: organization.slug,
      after: cursors.project,
    }),
    request('the tracker with keys and schema versions', as(owner), projectQuery, {
      ref: tracker.ref,
    }),
    request('the catalog with keys and schema versions', as(owner), projectQuery, {
      ref: catalog.ref,
    }),
    request('the tracker for the developer', as(developer), projectQuery, { ref: tracker.ref }),
    request('the tracker for an outsider', as(invited), projectQuery, { ref: tracker.ref }),
    request('the open invitation', undefined, invitationQuery, { token: stored.invitationToken }),
    ...Object.entries(keys).map(([name, { secret }]) => ({
      ...request(`the ${name} key for itself`, secret, currentKeyQuery),
      ...(name === 'revoked' ? { refusal: 'UNAUTHENTICATED' } : {}),
    })),
    request('a plan of the tracker as it is', as(owner), planSchema, tracker),
    request('a plan of the catalog as it is', keys.catalog.secret, planSchema, catalog),
    request('a plan of changes', as(owner), planSchema, withChanges(tracker)),
    request('a sign-in', undefined, login, { email: owner.email, password }),
    ...refusals(stored),
  ];
}

function refusals({ owner, invited, organization, tracker, catalog }: StoredData) {
  const { accessToken } = owner;
  const { ref } = tracker;
  const taken = { email: owner.email, password };
  const refused = (refusal: string, request: Request): Request => ({ ...request, refusal });
  return [
    refused(
      'INVALID_SCHEMA',
      request('an SDL with errors', accessToken, planSchema, {
        ref,
        sdl: 'type A @model { id: ID! b: C }',
      }),
    ),
    refused('STALE_PLAN', request('a plan of another SDL', accessToken, applyEmpty, catalog)),
    refused('SLUG_TAKEN', request('a slug', accessToken, createOrganization, organization)),
    refused(
      'VALIDATION_FAILED',
      request('invalid scopes', accessToken, createKey, { ref, scopes: ['x'] }),
    ),
    refused(
      'NOT_FOUND',
      request("an outsider's key", invited.accessToken, createKey, { ref, scopes: ['data.read'] }),
    ),
    refused('LAST_OWNER', request('the last owner', accessToken, leave, organization)),
    refused('EMAIL_TAKEN', request('an address', undefined, register, taken)),
    refused(
      'INVALID_CREDENTIALS',
      request('a wrong password', undefined, login, { ...taken, password: 'another password' }),
    ),
  ];
}
const request = (
  name: string,
  credential: string | undefined,
  query: string,
  variables: object = {},
): Request => ({
  name,
  send: (client) => client.management(query, used(query, variables), credential),
});

/** Keeps only the variables that the document declares, because the stored objects also have other members. */
const used = (query: string, variables: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => query.includes(`$${name}:`)));

/** Changes the SDL so that the plan for the current tables has several different steps, each with its SQL. */
const withChanges = ({ ref, sdl }: StoredData['tracker']) => ({
  ref,
  sdl: sdl
    .replace('body: String\n', 'text: String @rename(from: "body")\n')
    .replace('email: String! @unique', 'email: String!')
    .replace('points: Int! @default(value: 1)', 'points: Int @constraint(min: 0)')
    .concat('type Release @model { id: ID! @id name: String! issue: Issue }')
    .replace(
      'comments: [Comment!]!\n  createdAt',
      'releases: [Release!]!\n  comments: [Comment!]!\n  createdAt',
    ),
});
