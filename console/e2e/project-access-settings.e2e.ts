import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { schemaAsks } from '../../gateway/test/schema-asks.ts';
import { signIn } from '../../gateway/test/sign-up.ts';
import { eventually } from './data-page.ts';
import { expectAccessibleInBothThemes } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { isInView, screenshot } from './kit/looks.ts';
import type { Person, Project } from './kit/seed.ts';

const tessera = useConsole();

const sdl = `enum Role { MODERATOR ADMIN }
type Claims @claims { role: Role orgs: [ID!] }
type User @model @user @allow(to: [READ], where: { id: { eq: "$user.id" } }) {
  id: ID! @id
  authId: String @unique
  partnerId: String @unique
  name: String
}`;

interface Issuer {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string | null;
  readonly algorithms: readonly string[];
  readonly userClaim: string;
  readonly userField: string;
  readonly claims: readonly { readonly name: string; readonly path: string }[];
}

const partner: Issuer = {
  issuer: 'https://partner.example',
  audience: 'partner-app',
  jwksUrl: 'https://partner.example/keys',
  algorithms: ['ES256', 'EdDSA'],
  userClaim: 'sub',
  userField: 'partnerId',
  claims: [
    { name: 'role', path: 'role' },
    { name: 'orgs', path: 'app_metadata.orgs' },
  ],
};

async function settingsPage({ ref }: Project, as: Person, search = ''): Promise<Page> {
  const page = await tessera.newPage({ as, at: `/projects/${ref}/settings${search}` });
  // An open dialog hides the heading from the accessibility tree, so look it up by its tag.
  await page.locator('h1', { hasText: 'Settings' }).waitFor();
  return page;
}

async function issuersOf(person: Person, { ref }: Project): Promise<readonly Issuer[]> {
  const { project } = await tessera.seed.ask<{ project: { trustedIssuers: readonly Issuer[] } }>(
    person,
    `query ($ref: ID!) { project(ref: $ref) { trustedIssuers {
      issuer audience jwksUrl algorithms userClaim userField claims { name path }
    } } }`,
    { ref },
  );
  return project.trustedIssuers;
}

const setIssuers = (person: Person, { ref }: Project, issuers: readonly Issuer[]) =>
  tessera.seed.ask(
    person,
    `mutation ($input: SetTrustedIssuersInput!) { result: setTrustedIssuers(input: $input) {
      __typename ... on Error { code message } ... on ValidationError { issues { path message } }
    } }`,
    { input: { projectRef: ref, issuers } },
  );

const setOrigins = (person: Person, { ref }: Project, allowedOrigins: readonly string[]) =>
  tessera.seed.ask(
    person,
    `mutation ($input: UpdateProjectSettingsInput!) { result: updateProjectSettings(input: $input) {
      __typename ... on Error { code message }
    } }`,
    { input: { projectRef: ref, allowedOrigins } },
  );

/** The origin that the project's API allows in answer to a browser's preflight request. */
async function allowedOrigin({ endpoint }: Project, origin: string): Promise<string | null> {
  const response = await fetch(endpoint, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST' },
    signal: AbortSignal.timeout(20_000),
  });
  return response.headers.get('access-control-allow-origin');
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const card = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
/** The accessible description of a button, such as the reason why it is disabled. */
const description = (page: Page, name: string) =>
  button(page, name).evaluate((element) =>
    (element.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent)
      .join(' '),
  );

it('adds and removes an allowed origin, and shows why an origin is rejected', async () => {
  const team = await tessera.seed.team('Acme');
  const project = await tessera.seed.project(team, { name: 'Shop', sdl });
  const page = await settingsPage(project, team.owner);
  const origins = card(page, 'Allowed origins');
  await origins.getByRole('heading', { name: 'No allowed origins' }).waitFor();
  await expectAccessibleInBothThemes(page);
  await origins.scrollIntoViewIfNeeded();
  await screenshot(page, 'access-settings-empty');

  const origin = origins.getByRole('textbox', { name: 'New origin' });
  await button(page, 'Add origin').click();
  await origins.getByText('Enter an origin.').waitFor();
  await origin.fill('app.example');
  await origin.press('Enter');
  await origins.getByText('"app.example" is not an origin. Write the scheme').waitFor();
  expect(await origin.getAttribute('aria-invalid')).toBe('true');
  expect(await origin.evaluate((input) => input === document.activeElement)).toBe(true);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'access-settings-wrong-origin');

  await origin.fill('HTTPS://App.example/');
  await origin.press('Enter');
  await page.getByText('https://app.example added.').waitFor();
  await origins.getByRole('listitem').getByText('https://app.example').waitFor();
  expect(await origin.inputValue()).toBe('');
  await eventually(() => allowedOrigin(project, 'https://app.example')).toBe('https://app.example');

  await origin.fill('https://app.example:443');
  await origin.press('Enter');
  await origins.getByText('This origin is already allowed.').waitFor();
  await origin.fill('http://localhost:5173');
  await origin.press('Enter');
  await origins.getByRole('listitem').getByText('http://localhost:5173').waitFor();

  await button(page, 'Remove https://app.example').click();
  const question = page.getByRole('alertdialog', { name: 'Remove https://app.example?' });
  await question.waitFor();
  await expectAccessibleInBothThemes(page, { within: '[role=alertdialog]' });
  await button(page, 'Remove origin').click();
  await page.getByText('https://app.example removed.').waitFor();
  await expect
    .poll(() => origins.getByRole('listitem').allInnerTexts())
    .toEqual(['http://localhost:5173']);
  await eventually(() => allowedOrigin(project, 'https://app.example')).toBeNull();
});

it('adds, edits and removes a trusted issuer, with errors at their fields', async () => {
  const team = await tessera.seed.team('Acme');
  const project = await tessera.seed.project(team, { name: 'Shop', sdl });
  const page = await settingsPage(project, team.owner);
  const issuers = card(page, 'Trusted issuers');
  await issuers.getByRole('heading', { name: 'No trusted issuers' }).waitFor();
  await button(page, 'Add issuer').click();
  const form = page.getByRole('dialog', { name: 'Add a trusted issuer' });
  const submit = form.getByRole('button', { name: 'Add issuer' });
  await submit.click();
  await form.getByText('Enter the issuer.').waitFor();
  await form.getByText('Enter the audience.').waitFor();

  const issuer = form.getByRole('textbox', { name: 'Issuer' });
  await issuer.fill('http://login.example/');
  await form.getByRole('textbox', { name: 'Audience' }).fill('my-app');
  await page.getByRole('combobox', { name: 'User field' }).click();
  // The name is not unique.
  await expect
    .poll(() => page.getByRole('option').allInnerTexts())
    .toEqual(['id', 'authId', 'partnerId']);
  await page.getByRole('option', { name: 'authId' }).click();
  await form.getByRole('button', { name: 'Add claim' }).click();
  await page.getByRole('combobox', { name: 'Claim' }).click();
  await expect.poll(() => page.getByRole('option').allInnerTexts()).toEqual(['role', 'orgs']);
  await page.getByRole('option', { name: 'role' }).click();
  const path = form.getByRole('textbox', { name: 'Path in the token' });
  await path.fill('app_metadata..role');
  await submit.click();
  await form.getByText('The issuer must begin with https://').waitFor();
  await form.getByText('Write the names of the members from the token to the value').waitFor();
  expect(await issuer.getAttribute('aria-invalid')).toBe('true');
  expect(await path.getAttribute('aria-invalid')).toBe('true');
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'access-settings-wrong-issuer');

  await issuer.fill('https://login.example/');
  await path.fill('app_metadata.role');
  await submit.click();
  await form.waitFor({ state: 'hidden' });
  await issuers.getByRole('heading', { name: 'https://login.example/' }).waitFor();
  const added: Issuer = {
    issuer: 'https://login.example/',
    audience: 'my-app',
    jwksUrl: null,
    algorithms: ['RS256', 'ES256', 'EdDSA'],
    userClaim: 'sub',
    userField: 'authId',
    claims: [{ name: 'role', path: 'app_metadata.role' }],
  };
  expect(await issuersOf(team.owner, project)).toEqual([added]);
  expect(new URL(page.url()).search).toBe('');

  await button(page, 'Edit https://login.example/').click();
  const editor = page.getByRole('dialog', { name: 'Edit the trusted issuer' });
  expect(await editor.getByRole('combobox', { name: 'User field' }).innerText()).toBe('authId');
  expect(await editor.getByRole('checkbox', { checked: true }).count()).toBe(0);
  await editor.getByRole('textbox', { name: 'Key URL' }).fill('https://login.example/keys');
  await editor.getByRole('checkbox', { name: 'RS256' }).click();
  await editor.getByRole('button', { name: 'Add claim' }).click();
  const second = editor.getByRole('group', { name: 'Claim 2' });
  await second.getByRole('combobox', { name: 'Claim' }).click();
  await page.getByRole('option', { name: 'orgs' }).click();
  await second.getByRole('textbox', { name: 'Path in the token' }).fill('orgs');
  await editor.getByRole('button', { name: 'Remove claim 1' }).click();
  await expect.poll(() => editor.getByRole('group', { name: /^Claim \d/ }).count()).toBe(1);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'access-settings-edit-issuer');
  // Another member adds an issuer in the meantime. It is kept.
  await setIssuers(team.admin, project, [partner, added]);
  await editor.getByRole('button', { name: 'Save changes' }).click();
  await editor.waitFor({ state: 'hidden' });
  expect(await issuersOf(team.owner, project)).toEqual([
    partner,
    {
      ...added,
      jwksUrl: 'https://login.example/keys',
      algorithms: ['RS256'],
      claims: [{ name: 'orgs', path: 'orgs' }],
    },
  ]);
  await issuers.getByRole('heading', { name: partner.issuer }).waitFor();
  await issuers.getByText('authId contains the claim sub').waitFor();
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'access-settings');

  // Each issuer has its own field.
  await button(page, 'Edit https://login.example/').click();
  await editor.getByRole('combobox', { name: 'User field' }).click();
  const taken = page.getByRole('option', { name: 'partnerId' });
  expect(await taken.getAttribute('aria-disabled')).toBe('true');
  await taken.getByText('Used by https://partner.example').waitFor();
  await page.keyboard.press('Escape');
  await editor.getByRole('textbox', { name: 'Issuer' }).fill(partner.issuer);
  await editor.getByRole('button', { name: 'Save changes' }).click();
  await editor.getByText('The project already trusts this issuer.').waitFor();
  await editor.getByRole('button', { name: 'Cancel' }).click();

  await button(page, 'Remove https://partner.example').click();
  await page.getByRole('alertdialog', { name: 'Remove https://partner.example?' }).waitFor();
  await expectAccessibleInBothThemes(page, { within: '[role=alertdialog]' });
  await button(page, 'Remove issuer').click();
  await page.getByText('https://partner.example removed.').waitFor();
  await expect
    .poll(() => issuers.getByRole('heading', { level: 3 }).allInnerTexts())
    .toEqual(['https://login.example/']);
  expect(await issuersOf(team.owner, project)).toMatchObject([{ audience: 'my-app' }]);
});

it('does not overwrite what other members change at the same time', async () => {
  const team = await tessera.seed.team('Acme');
  const project = await tessera.seed.project(team, { name: 'Shop', sdl });
  await setIssuers(team.owner, project, [partner]);
  const page = await settingsPage(project, team.owner);
  const origins = card(page, 'Allowed origins');
  tessera.allow(page, /status of 409/);

  // Another member adds an origin between the moment at which this page reads the list and the one at which it saves.
  let isFirst = true;
  await page.route('**/graphql', async (route) => {
    const isSaving = route.request().postData()?.includes('mutation UpdateProjectSettings');
    if (isSaving === true && isFirst) {
      isFirst = false;
      await setOrigins(team.admin, project, ['https://admin.example']);
    }
    await route.continue();
  });
  await origins.getByRole('textbox', { name: 'New origin' }).fill('https://owner.example');
  await button(page, 'Add origin').click();
  await page.getByText('https://owner.example added.').waitFor();
  await expect
    .poll(() => origins.getByRole('listitem').allInnerTexts())
    .toEqual(['https://admin.example', 'https://owner.example']);

  await button(page, `Edit ${partner.issuer}`).click();
  const editor = page.getByRole('dialog', { name: 'Edit the trusted issuer' });
  await editor.getByRole('textbox', { name: 'Audience' }).fill('my-app');
  await setIssuers(team.admin, project, [{ ...partner, audience: 'their-app' }]);
  await editor.getByRole('button', { name: 'Save changes' }).click();
  const reason = editor.getByText('Another member has changed this issuer since you opened it.');
  await expect.poll(() => isInView(reason)).toBe(true);
  expect(await issuersOf(team.owner, project)).toMatchObject([{ audience: 'their-app' }]);
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'access-settings-changed-issuer');
  await editor.getByRole('button', { name: 'Cancel' }).click();
  await button(page, `Edit ${partner.issuer}`).click();
  expect(await editor.getByRole('textbox', { name: 'Audience' }).inputValue()).toBe('their-app');
});

it('explains that an issuer needs a schema with users', async () => {
  const team = await tessera.seed.team('Acme');
  const project = await tessera.seed.project(team, { name: 'Empty' });
  const page = await settingsPage(project, team.owner, '?newIssuer=true');
  const form = page.getByRole('dialog', { name: 'Add a trusted issuer' });
  await form.getByText('The applied schema has no users.').waitFor();
  await form.getByRole('textbox', { name: 'Issuer' }).fill('https://login.example/');
  await form.getByRole('textbox', { name: 'Audience' }).fill('my-app');
  const field = form.getByRole('textbox', { name: 'User field' });
  await field.fill('authId');
  expect(await description(page, 'Add claim')).toContain('has no type with @claims');
  await field.press('Enter');
  await form.getByText('The applied schema has no model with @user, so').waitFor();
  expect(await field.getAttribute('aria-invalid')).toBe('true');
  await expectAccessibleInBothThemes(page);
  await screenshot(page, 'access-settings-no-users');
  await form.getByRole('link', { name: 'Go to the schema' }).click();
  await page.waitForURL(`**/projects/${project.ref}/schema`);
});

it('names the issuer that a request is rejected for, if it is not the one that is changed', async () => {
  const team = await tessera.seed.team('Acme');
  const project = await tessera.seed.project(team, { name: 'Shop', sdl });
  const page = await settingsPage(project, team.owner);
  await setIssuers(team.owner, project, [
    partner,
    { ...partner, issuer: 'https://a.example', userField: 'authId', claims: [] },
  ]);
  // A claim that no rule uses can be removed from the schema, although an issuer maps it.
  const schema = schemaAsks(tessera.app, project.ref, await signIn(tessera.url, team.owner));
  const applied = await schema.change(sdl.replace(' orgs: [ID!]', ''));
  expect(applied.__typename).toBe('ApplySchemaSuccess');
  await page.reload();
  await button(page, 'Remove https://a.example').click();
  await button(page, 'Remove issuer').click();
  const question = page.getByRole('alertdialog', { name: 'Remove https://a.example?' });
  await question
    .getByText('https://partner.example: The applied schema has no claim "orgs".')
    .waitFor();
});

it('shows a viewer the settings and explains why they cannot be changed', async () => {
  const team = await tessera.seed.team('Acme');
  const project = await tessera.seed.project(team, { name: 'Shop', sdl });
  await setIssuers(team.owner, project, [partner]);
  const page = await settingsPage(project, team.viewer, '?newIssuer=true');
  const reason = 'Only admins and owners can change the settings of projects. You are a viewer.';
  const issuers = card(page, 'Trusted issuers');
  await issuers.getByText('partner-app').waitFor();
  await issuers.getByText('ES256, EdDSA').waitFor();
  // The URL does not open a dialog that the viewer is not allowed to use.
  expect(await page.getByRole('dialog').count()).toBe(0);
  for (const name of [
    'Add origin',
    'Add issuer',
    'Edit https://partner.example',
    'Remove https://partner.example',
  ]) {
    expect(await button(page, name).getAttribute('aria-disabled'), name).toBe('true');
    expect(await description(page, name), name).toBe(reason);
  }
  expect(await page.getByRole('textbox', { name: 'New origin' }).isEditable()).toBe(false);
  await expectAccessibleInBothThemes(page);
  await issuers.scrollIntoViewIfNeeded();
  await screenshot(page, 'access-settings-viewer');
});

it('links from a publishable key to the settings', async () => {
  const team = await tessera.seed.team('Acme');
  const project = await tessera.seed.project(team, { name: 'Shop', sdl });
  const { result } = await tessera.seed.ask<{ result: { apiKey: { id: string } } }>(
    team.owner,
    `mutation ($input: CreateApiKeyInput!) { result: createApiKey(input: $input) {
      ... on CreateApiKeySuccess { apiKey { id } } ... on Error { code message }
    } }`,
    { input: { projectRef: project.ref, name: 'Web app', kind: 'PUBLISHABLE' } },
  );
  const at = `/projects/${project.ref}/keys?key=${result.apiKey.id}`;
  const page = await tessera.newPage({ as: team.owner, at });
  const dialog = page.getByRole('dialog', { name: 'Web app' });
  await dialog.getByRole('link', { name: 'trusted issuers' }).click();
  await page.waitForURL(`**/projects/${project.ref}/settings#trusted-issuers`);
  const heading = page.getByRole('heading', { name: 'Trusted issuers', exact: true });
  await heading.waitFor();
  // The bar at the top does not cover it.
  await expect.poll(() => isInView(heading)).toBe(true);
});
