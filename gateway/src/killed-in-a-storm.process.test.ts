import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { useTestDatabase } from '../test/database.ts';
import { askGateway } from '../test/management-client.ts';
import { startGateway, type GatewayProcess } from '../test/process.ts';
import { signUp } from '../test/sign-up.ts';

const database = useTestDatabase();
let folder: string;
let gateway: GatewayProcess | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tessera-storm-'));
  await chmod(folder, 0o711);
});
afterAll(async () => {
  await gateway?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Acknowledged {
  readonly organizations: Set<string>;
  readonly projects: Set<string>;
}

const createOrganization = `mutation ($name: String!) { result: createOrganization(input: { name: $name }) {
  ... on CreateOrganizationSuccess { organization { id } } } }`;
const createProject = `mutation ($id: ID!, $name: String!) { result: createProject(input: { organizationId: $id, name: $name }) {
  ... on CreateProjectSuccess { project { id } } } }`;

/**
 * Creates organizations and projects until the gateway is killed, and records each one whose creation was acknowledged.
 */
async function storm(client: number, origin: string, token: string, seen: Acknowledged) {
  for (let round = 0; round < 40; round += 1) {
    try {
      const name = `Storm ${client} ${round}`;
      const made = await askGateway(origin, createOrganization, { name }, token);
      const { organization } = made.body.data?.['result'] as { organization: { id: string } };
      seen.organizations.add(organization.id);
      const { body } = await askGateway(
        origin,
        createProject,
        { id: organization.id, name },
        token,
      );
      seen.projects.add((body.data?.['result'] as { project: { id: string } }).project.id);
    } catch {
      // The connection was lost, so the pending request was not acknowledged.
      return;
    }
  }
}

it('keeps every acknowledged write with its audit entry, and no partial write, after SIGKILL under load', async () => {
  const env = { DATABASE_URL: database.url, DATA_DIR: folder, LOG_LEVEL: 'fatal' };
  gateway = await startGateway({ env });
  const { origin } = gateway;
  const accounts = await Promise.all(
    Array.from({ length: 8 }, (_, client) =>
      signUp(origin, { email: `storm-${client}@example.org`, password: 'a long enough password' }),
    ),
  );
  const seen: Acknowledged = { organizations: new Set(), projects: new Set() };
  const clients = accounts.map((token, client) => storm(client, origin, token, seen));
  // The load is running: some projects exist, and every client has a pending request.
  await expect.poll(() => seen.projects.size, { timeout: 30_000, interval: 1 }).toBeGreaterThan(24);
  gateway.kill('SIGKILL');
  await gateway.ended;
  await Promise.all(clients);
  gateway = await startGateway({ env });

  const db = database.prisma;
  const organizations = await db.organization.findMany({ include: { memberships: true } });
  const projects = await db.project.findMany();
  const entries = await db.auditEntry.findMany();
  const ids = (rows: readonly { id: string }[]) => new Set(rows.map((row) => row.id));
  expect([...seen.organizations].filter((id) => !ids(organizations).has(id))).toEqual([]);
  expect([...seen.projects].filter((id) => !ids(projects).has(id))).toEqual([]);

  const audited = (action: string) =>
    entries.filter((entry) => entry.action === action).map((entry) => entry.targetId);
  expect(audited('organization.create').sort()).toEqual([...ids(organizations)].sort());
  expect(audited('project.create').sort()).toEqual([...ids(projects)].sort());
  for (const { memberships } of organizations) {
    expect(memberships.map((membership) => membership.role)).toEqual(['OWNER']);
  }
});
