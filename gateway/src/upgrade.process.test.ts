import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { startGateway, type GatewayProcess } from '../test/process.ts';
import { startSmtpServer, type SmtpServer } from '../test/smtp-server.ts';
import { createGatewayClient, dataOf, type GatewayClient } from '../test/upgrade/client.ts';
import { prepareEarlierVersion, type EarlierVersion } from '../test/upgrade/earlier-version.ts';
import { readMailedTokens } from '../test/upgrade/mailed-tokens.ts';
import { recordAnswers, unintendedAnswers, type Answers } from '../test/upgrade/requests.ts';
import {
  accept,
  applySchema,
  refreshSession,
  result,
  storeData,
  type StoredData,
} from '../test/upgrade/stored-data.ts';

// Each test sends about fifty requests to a gateway that has just started, on a machine that runs other tests.
vi.setConfig({ testTimeout: 120_000 });

let earlier: EarlierVersion;

// The first run on a machine builds the earlier version and might have to install its packages.
beforeAll(async () => {
  earlier = await prepareEarlierVersion();
}, 600_000);

describe.each(['SIGTERM', 'SIGKILL'] as const)(
  'after the earlier version is stopped with %s',
  (signal) => {
    let folder: string;
    let smtp: SmtpServer;
    let gateway: GatewayProcess | null = null;
    let client: GatewayClient;
    let stored: StoredData;
    let recorded: Answers;

    const start = async (root?: string) => {
      gateway = await startGateway({
        ...(root === undefined ? {} : { root }),
        env: {
          DATA_DIR: join(folder, 'data'),
          // Both versions use the same URL, because responses contain it.
          PUBLIC_URL: 'http://tessera.example',
          SMTP_URL: `smtp://127.0.0.1:${smtp.port}`,
          MAIL_FROM: 'tessera@example.org',
          LOG_LEVEL: 'warn',
        },
      });
      client = createGatewayClient(gateway.origin);
      return gateway;
    };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'tessera-upgrade-'));
      // When root runs the tests, PostgreSQL runs as another user, which must be able to traverse this folder.
      await chmod(folder, 0o711);
      smtp = await startSmtpServer();
      const before = await start(earlier.root);
      stored = await storeData(client, readMailedTokens(smtp));
      recorded = await recordAnswers(client, stored);
      before.kill(signal);
      await before.ended;
      await start();
    }, 180_000);

    afterAll(async () => {
      await gateway?.stop();
      await smtp.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('the earlier version returned the expected responses', () => {
      expect(unintendedAnswers(stored, recorded)).toEqual({});
    });

    it('every request returns the same response as in the earlier version', async () => {
      const answers = await recordAnswers(client, stored);
      // The responses are compared one by one, so that a failure names the request and shows only the difference in its
      // response.
      for (const [name, answer] of Object.entries(answers)) {
        expect.soft(answer, name).toEqual(recorded[name]);
      }
    });

    it('sessions continue, and mailed tokens are accepted', async () => {
      const { owner, invited, verificationToken, invitationToken } = stored;
      const session = await refreshSession(client, owner.refreshToken);
      const viewer = await client.management('{ viewer { email } }', {}, session.accessToken);
      expect(viewer).toEqual({ status: 200, body: { data: { viewer: { email: owner.email } } } });
      expect(
        await result(
          client,
          `mutation ($token: String!) { result: verifyEmail(input: { token: $token }) {
          ... on VerifyEmailSuccess { ok } ... on Error { code message } } }`,
          { token: verificationToken },
          null,
        ),
      ).toEqual({ ok: true });
      expect(await accept(client, invited, invitationToken)).toEqual({
        invitation: { email: invited.email, role: 'DEVELOPER', status: 'ACCEPTED' },
      });
    });

    it('the plan for a schema that is already applied has no steps', async () => {
      for (const { ref, sdl } of [stored.tracker, stored.catalog]) {
        const plan = await result(
          client,
          `mutation ($ref: ID!, $sdl: String!) { result: planSchema(input: { projectRef: $ref, sdl: $sdl }) {
          ... on PlanSchemaSuccess { plan { steps { sql } } } ... on Error { code message } } }`,
          { ref, sdl },
          stored.owner,
        );
        expect(plan).toEqual({ plan: { steps: [] } });
      }
    });

    it('rows can be written and migrated to a new schema', async () => {
      const { tracker, keys } = stored;
      const created = client.project(
        tracker.ref,
        keys.full.secret,
        `mutation { createIssue(data: { number: 6, headline: "Upgrade", board: { connect: { key: "ENG" } },
        labels: { connect: [{ name: "urgent" }] } }) { status board { name } labels { nodes { name } } } }`,
      );
      const labels = { nodes: [{ name: 'urgent' }] };
      expect(await dataOf(created)).toEqual({
        createIssue: { status: 'BACKLOG', board: { name: 'Engine' }, labels },
      });
      const sdl = tracker.sdl.replace('body: String\n', 'text: String @rename(from: "body")\n');
      expect(await applySchema(client, stored.developer, { ...tracker, sdl })).toBe(3);
      const texts = client.project(
        tracker.ref,
        keys.full.secret,
        '{ issues(where: { text: { isNull: false } }) { nodes { number text } } }',
      );
      expect(await dataOf(texts)).toEqual({ issues: { nodes: [{ number: 3, text: 'Note G' }] } });
    });
  },
);
