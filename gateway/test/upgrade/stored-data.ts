import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { dataOf, type GatewayClient, type Variables } from './client.ts';
import type { MailedTokens } from './mailed-tokens.ts';
import { storeCatalog, storeFirstRows, storeLaterRows } from './stored-rows.ts';

export const password = 'a long enough password';

/** An account with the tokens that its client stores. */
export interface Account {
  readonly email: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** The data that an earlier version stored, as that version's clients see it. */
export interface StoredData {
  readonly owner: Account;
  readonly developer: Account;
  /** A user who has an open invitation to the organization. */
  readonly invited: Account;
  /** A token that was mailed to the owner and has not been used. */
  readonly verificationToken: string;
  /** A token that was mailed to `invited`. */
  readonly invitationToken: string;
  readonly organization: { readonly id: string; readonly slug: string };
  readonly tracker: StoredProject;
  readonly catalog: StoredProject;
  readonly keys: {
    /** A key with all scopes for the tracker. */
    readonly full: StoredKey;
    /** A key that can read the tracker's issues and schema. */
    readonly narrow: StoredKey;
    readonly revoked: StoredKey;
    /** A key that was rotated and is valid until the overlap ends. */
    readonly rotated: StoredKey;
    /** The key that replaces `rotated`. */
    readonly successor: StoredKey;
    /** A key with all scopes for the catalog. */
    readonly catalog: StoredKey;
  };
  /** Cursors that the earlier version returned. */
  readonly cursors: { readonly issue: string; readonly project: string };
}

export interface StoredProject {
  readonly ref: string;
  /** The most recently applied SDL. */
  readonly sdl: string;
}

interface StoredKey {
  readonly id: string;
  readonly secret: string;
}

const readSdl = (name: string): Promise<string> =>
  readFile(join(import.meta.dirname, `${name}.graphql`), 'utf8');

/** Fills an empty gateway through its public APIs. */
export async function storeData(client: GatewayClient, mail: MailedTokens): Promise<StoredData> {
  const owner = await register(client, 'ada@example.org');
  const verificationToken = await mail.next(owner.email, 'verify-email');
  const { organization } = await result<{ organization: StoredData['organization'] }>(
    client,
    `mutation { result: createOrganization(input: { name: "Analytical Engines" }) {
      ... on CreateOrganizationSuccess { organization { id slug } } ... on Error { code message } } }`,
    {},
    owner,
  );
  const developer = await register(client, 'grace@example.org');
  await accept(client, developer, await invite(client, mail, { owner, organization }, developer));
  const invited = await register(client, 'edsger@example.org');
  const invitationToken = await invite(client, mail, { owner, organization }, invited);

  const tracker = await createProject(client, owner, organization.id, 'Tracker');
  const catalog = await createProject(client, owner, organization.id, 'Catalog');
  const keys = await createKeys(client, owner, { tracker, catalog });
  const [firstSdl, sdl, catalogSdl] = await Promise.all(
    ['tracker.1', 'tracker.2', 'catalog'].map(readSdl),
  );
  const projects = {
    tracker: { ref: tracker, sdl: sdl ?? '' },
    catalog: { ref: catalog, sdl: catalogSdl ?? '' },
  };
  await applySchema(client, developer, { ref: tracker, sdl: firstSdl ?? '' });
  await storeFirstRows(client, tracker, keys.full.secret);
  // This schema is applied with a key, so that both kinds of author are stored.
  await applySchema(client, { accessToken: keys.full.secret }, projects.tracker);
  await storeLaterRows(client, tracker, keys.full.secret);
  await applySchema(client, owner, projects.catalog);
  await storeCatalog(client, catalog, keys.catalog.secret);

  return {
    owner: { ...owner, refreshToken: await refresh(client, owner.refreshToken) },
    ...{ developer, invited, verificationToken, invitationToken, organization, keys },
    ...projects,
    cursors: await readCursors(client, { owner, organization, tracker, key: keys.full.secret }),
  };
}

type Credential = Pick<Account, 'accessToken'>;

/** Runs a mutation whose alias is `result` and which must succeed. Returns its result. */
export async function result<Result>(
  client: GatewayClient,
  query: string,
  variables: Variables,
  credential: Credential | null,
): Promise<Result> {
  const answer = client.management(query, variables, credential?.accessToken);
  return (await dataOf<{ readonly result: Result }>(answer)).result;
}

async function register(client: GatewayClient, email: string): Promise<Account> {
  const { session } = await result<{ session: Omit<Account, 'email'> }>(
    client,
    `mutation ($email: String!, $password: String!) {
      result: register(input: { name: "Ada", email: $email, password: $password, tokenDelivery: BODY }) {
        ... on RegisterSuccess { session { accessToken refreshToken } } ... on Error { code message } } }`,
    { email, password },
    null,
  );
  return { email, ...session };
}

/**
 * Refreshes a session.
 * @returns the refresh token that replaces the given one
 */
async function refresh(client: GatewayClient, refreshToken: string): Promise<string> {
  return (await refreshSession(client, refreshToken)).refreshToken;
}

export async function refreshSession(
  client: GatewayClient,
  refreshToken: string,
): Promise<Omit<Account, 'email'>> {
  const { session } = await result<{ session: Omit<Account, 'email'> }>(
    client,
    `mutation ($refreshToken: String!) {
      result: refreshSession(input: { refreshToken: $refreshToken, tokenDelivery: BODY }) {
        ... on RefreshSessionSuccess { session { accessToken refreshToken } } ... on Error { code message } } }`,
    { refreshToken },
    null,
  );
  return session;
}

/**
 * Invites a user to the organization.
 * @returns the token from the mailed link
 */
async function invite(
  client: GatewayClient,
  mail: MailedTokens,
  { owner, organization }: { owner: Account; organization: { readonly id: string } },
  { email }: Account,
): Promise<string> {
  await result(
    client,
    `mutation ($organizationId: ID!, $email: String!) {
      result: inviteMember(input: { organizationId: $organizationId, email: $email, role: DEVELOPER }) {
        ... on InviteMemberSuccess { invitation { id } } ... on Error { code message } } }`,
    { organizationId: organization.id, email },
    owner,
  );
  return mail.next(email, 'accept-invitation');
}

export async function accept(
  client: GatewayClient,
  account: Account,
  token: string,
): Promise<unknown> {
  return result(
    client,
    `mutation ($token: String!) { result: acceptInvitation(input: { token: $token }) {
      ... on AcceptInvitationSuccess { invitation { email role status } } ... on Error { code message } } }`,
    { token },
    account,
  );
}

/**
 * Creates a project in an organization.
 * @returns the project's ref
 */
async function createProject(
  client: GatewayClient,
  owner: Account,
  organizationId: string,
  name: string,
): Promise<string> {
  const { project } = await result<{ project: { ref: string } }>(
    client,
    `mutation ($organizationId: ID!, $name: String!) {
      result: createProject(input: { organizationId: $organizationId, name: $name }) {
        ... on CreateProjectSuccess { project { ref } } ... on Error { code message } } }`,
    { organizationId, name },
    owner,
  );
  return project.ref;
}

const everyScope = ['data.read', 'data.write', 'schema.read', 'schema.apply'];

async function createKeys(
  client: GatewayClient,
  owner: Account,
  { tracker, catalog }: { readonly tracker: string; readonly catalog: string },
): Promise<StoredData['keys']> {
  const change = async (verb: 'create' | 'rotate' | 'revoke', input: Variables) => {
    const mutation = `${verb}ApiKey`;
    const type = `${verb.charAt(0).toUpperCase()}${verb.slice(1)}ApiKey`;
    const { apiKey, secret = '' } = await result<{ apiKey: { id: string }; secret?: string }>(
      client,
      `mutation ($input: ${type}Input!) { result: ${mutation}(input: $input) {
        ... on ${type}Success { apiKey { id } ${verb === 'revoke' ? '' : 'secret'} }
        ... on Error { code message } } }`,
      { input },
      owner,
    );
    return { id: apiKey.id, secret };
  };
  const create = (projectRef: string, name: string, scopes: readonly string[], more = {}) =>
    change('create', { projectRef, name, scopes, kind: 'SECRET', ...more });

  const full = await create(tracker, 'Everything', everyScope);
  const narrow = await create(tracker, 'Issues only', ['data.read:Issue', 'schema.read'], {
    rateLimitPerMinute: 1000,
    expiresAt: '2999-12-31T00:00:00.000Z',
  });
  const revoked = await create(tracker, 'Revoked', everyScope);
  await change('revoke', { id: revoked.id });
  const rotated = await create(tracker, 'Rotated', ['data.read', 'schema.read']);
  const successor = await change('rotate', { id: rotated.id, overlapSeconds: 86_400 });
  return {
    ...{ full, narrow, revoked, rotated, successor },
    catalog: await create(catalog, 'Catalog', everyScope),
  };
}

/** Plans a schema and applies the plan, accepting all hazards. */
export async function applySchema(
  client: GatewayClient,
  author: Credential,
  { ref, sdl }: StoredProject,
): Promise<number> {
  const { plan } = await result<{ plan: { hash: string } }>(
    client,
    `mutation ($ref: ID!, $sdl: String!) { result: planSchema(input: { projectRef: $ref, sdl: $sdl }) {
      ... on PlanSchemaSuccess { plan { hash } } ... on Error { code message } } }`,
    { ref, sdl },
    author,
  );
  const { schemaVersion } = await result<{ schemaVersion: { number: number } }>(
    client,
    `mutation ($ref: ID!, $sdl: String!, $hash: String!) {
      result: applySchema(input: { projectRef: $ref, sdl: $sdl, planHash: $hash,
        acceptHazards: [LOCK, MAY_FAIL, DATA_LOSS] }) {
        ... on ApplySchemaSuccess { schemaVersion { number } } ... on Error { code message } } }`,
    { ref, sdl, hash: plan.hash },
    author,
  );
  return schemaVersion.number;
}

interface CursorPlaces {
  readonly owner: Account;
  readonly organization: StoredData['organization'];
  readonly tracker: string;
  readonly key: string;
}

async function readCursors(
  client: GatewayClient,
  { owner, organization, tracker, key }: CursorPlaces,
): Promise<StoredData['cursors']> {
  interface Page {
    readonly pageInfo: { readonly endCursor: string };
  }
  const issues = client.project(
    tracker,
    key,
    '{ issues(first: 2, orderBy: [{ estimate: DESC_NULLS_LAST }]) { pageInfo { endCursor } } }',
  );
  const projects = client.management(
    `query ($slug: String!) { organization(slug: $slug) {
      projects(first: 1) { pageInfo { endCursor } } } }`,
    { slug: organization.slug },
    owner.accessToken,
  );
  const { organization: found } = await dataOf<{ organization: { projects: Page } }>(projects);
  return {
    issue: (await dataOf<{ issues: Page }>(issues)).issues.pageInfo.endCursor,
    project: found.projects.pageInfo.endCursor,
  };
}
