import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';

import { expectAccessible } from './kit/accessible.ts';
import { useConsole } from './kit/console.ts';
import { inBothThemes, viewports, type Viewport } from './kit/looks.ts';
import type { Project, Team } from './kit/seed.ts';

/*
 * Checks every page for accessibility problems (with axe) and horizontal overflow, in both themes and on desktop and
 * phone screens. Also takes screenshots for visual review. The other journeys test how the pages behave.
 */

const tessera = useConsole();
const directory = join(import.meta.dirname, 'screenshots');
const examples = join(import.meta.dirname, '../../examples');

let team: Team;
let project: Project;
let empty: Project;
/** With access rules and settings for apps. */
let blog: Project;

beforeAll(async () => {
  team = await tessera.seed.team('Acme');
  project = await tessera.seed.tracker(team, 'Issue tracker');
  empty = await tessera.seed.project(team, { name: 'Web shop' });
  const rules = await readFile(join(examples, 'blog-with-drafts.graphql'), 'utf8');
  blog = await tessera.seed.project(team, { name: 'Blog', sdl: rules });
  await tessera.seed.ask(team.owner, letAppsIn, {
    origins: { projectRef: blog.ref, allowedOrigins: ['https://blog.example', longOrigin] },
    issuers: { projectRef: blog.ref, issuers: [issuer] },
  });
  await tessera.seed.key(team, project, 'Backend');
  await tessera.seed.key(team, project, 'Nightly report', ['data.read']);
  await tessera.seed.ask(team.owner, invite, {
    input: { organizationId: team.id, email: 'katherine@example.org', role: 'DEVELOPER' },
  });
  await mkdir(directory, { recursive: true });
});

const invite = `mutation ($input: InviteMemberInput!) {
  result: inviteMember(input: $input) {
    __typename
    ... on Error { code message }
  }
}`;

const longOrigin = `https://${'preview-'.repeat(7)}.apps.example.org:8443`;
const issuer = {
  issuer: 'https://login.example.org/realms/a-realm-with-a-long-name',
  audience: 'blog',
  userClaim: 'email',
  userField: 'email',
};

const letAppsIn = `mutation ($origins: UpdateProjectSettingsInput!, $issuers: SetTrustedIssuersInput!) {
  origins: updateProjectSettings(input: $origins) { ... on Error { code message } }
  result: setTrustedIssuers(input: $issuers) { __typename ... on Error { code message } }
}`;

interface Look {
  /** The base name of the screenshot files. */
  readonly name: string;
  readonly at: () => string;
  readonly heading: string | RegExp;
  /** The signed-in user; the owner by default. */
  readonly as?: 'viewer' | 'nobody';
}

const looks: readonly Look[] = [
  { name: 'sign-in', at: () => '/sign-in', heading: /sign in/i, as: 'nobody' },
  { name: 'register', at: () => '/register', heading: /account/i, as: 'nobody' },
  { name: 'forgot-password', at: () => '/forgot-password', heading: /password/i, as: 'nobody' },
  { name: 'welcome', at: () => '/welcome', heading: /./ },
  { name: 'account', at: () => '/account', heading: /account/i },
  { name: 'not-found', at: () => '/no/such/page', heading: /./ },
  { name: 'organization', at: () => `/orgs/${team.slug}`, heading: /./ },
  { name: 'members', at: () => `/orgs/${team.slug}/members`, heading: 'Members' },
  { name: 'audit', at: () => `/orgs/${team.slug}/audit`, heading: 'Audit log' },
  { name: 'settings', at: () => `/orgs/${team.slug}/settings`, heading: 'Settings' },
  { name: 'overview', at: () => `/projects/${project.ref}`, heading: /./ },
  { name: 'overview-empty', at: () => `/projects/${empty.ref}`, heading: /./ },
  { name: 'overview-viewer', at: () => `/projects/${project.ref}`, heading: /./, as: 'viewer' },
  { name: 'schema', at: () => `/projects/${project.ref}/schema`, heading: /schema/i },
  { name: 'schema-empty', at: () => `/projects/${empty.ref}/schema`, heading: /schema/i },
  { name: 'versions', at: () => `/projects/${project.ref}/schema/versions`, heading: /version/i },
  { name: 'data', at: () => `/projects/${project.ref}/data`, heading: /./ },
  { name: 'data-empty', at: () => `/projects/${empty.ref}/data`, heading: /./ },
  { name: 'data-rows', at: () => `/projects/${project.ref}/data/Issue`, heading: /./ },
  { name: 'explorer', at: () => `/projects/${project.ref}/explorer`, heading: /explorer/i },
  { name: 'keys', at: () => `/projects/${project.ref}/keys`, heading: /keys/i },
  { name: 'keys-empty', at: () => `/projects/${empty.ref}/keys`, heading: /keys/i },
  {
    name: 'keys-viewer',
    at: () => `/projects/${project.ref}/keys`,
    heading: /keys/i,
    as: 'viewer',
  },
  { name: 'project-settings', at: () => `/projects/${project.ref}/settings`, heading: 'Settings' },
  { name: 'settings-for-apps', at: () => `/projects/${blog.ref}/settings`, heading: 'Settings' },
  {
    name: 'settings-for-apps-viewer',
    at: () => `/projects/${blog.ref}/settings`,
    heading: 'Settings',
    as: 'viewer',
  },
  { name: 'access', at: () => `/projects/${blog.ref}/schema?view=access`, heading: 'Schema' },
  {
    name: 'access-without-rules',
    at: () => `/projects/${project.ref}/schema?view=access`,
    heading: 'Schema',
  },
];

it.each(looks)('$name is accessible and fits the screen', async ({ name, at, heading, as }) => {
  const page = await tessera.newPage({
    ...(as !== 'nobody' && { as: as === 'viewer' ? team.viewer : team.owner }),
    at: at(),
  });
  const title = page.getByRole('heading', { level: 1, name: heading });
  await title.waitFor();
  expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
  await page.waitForLoadState('networkidle');
  for (const viewport of Object.keys(viewports) as Viewport[]) {
    await page.setViewportSize(viewports[viewport]);
    await inBothThemes(page, async (theme) => {
      await expectAccessible(page);
      const path = join(directory, `look-${name}-${theme}-${viewport}.png`);
      await page.screenshot({ path, fullPage: true });
    });
    await expectNoSidewaysScroll(page);
  }
  await page.setViewportSize({ width: 360, height: 740 });
  await expectNoSidewaysScroll(page);
});

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const excess = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(excess, `pixels beyond the width of ${page.viewportSize()?.width ?? 0}`).toBe(0);
}
