import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { beforeEach, describe, expect, it, vi } from 'vitest';

import { useApp } from '../../../test/app.ts';
import { asking } from '../../../test/ask.ts';
import { signUp } from '../../../test/sign-up.ts';
import { seedTenant, type SeededTenant } from '../../../test/tenant.ts';

const app = useApp();
const ask = asking(app);
let tenant: SeededTenant;
let neighbour: SeededTenant;

beforeEach(async () => {
  tenant = await seedTenant(app.db);
  neighbour = await seedTenant(app.db);
});

const newAddress = () => `${randomBytes(6).toString('hex')}@example.org`;
const password = 'a long enough password';

const invite = `mutation ($input: InviteMemberInput!) {
  result: inviteMember(input: $input) {
    ... on InviteMemberSuccess {
      invitation { id email role status acceptedAt revokedAt invitedBy { name } organization { slug } }
    }
    ... on Error { code message }
  }
}`;
const accept = `mutation ($input: AcceptInvitationInput!) {
  result: acceptInvitation(input: $input) {
    ... on AcceptInvitationSuccess {
      invitation {
        email role status
        invitedBy { email }
        organization { slug viewerRole members { totalCount } }
      }
    }
    ... on Error { code }
  }
}`;
const revoke = `mutation ($input: RevokeInvitationInput!) {
  result: revokeInvitation(input: $input) {
    ... on RevokeInvitationSuccess { invitation { id status } }
    ... on Error { code message }
  }
}`;
const preview = `query ($token: String!) {
  invitation(token: $token) { organizationName email role invitedByName expiresAt }
}`;
const list = `query ($slug: String!, $status: InvitationStatus! = OPEN) {
  organization(slug: $slug) {
    invitations(status: $status) { totalCount nodes { email status invitedBy { email } } }
  }
}`;

/** Waits for the email to an address and returns the token in the email. */
const mailedToken = (address: string): Promise<string> =>
  vi.waitFor(
    async () => {
      for (const name of await readdir(app.mailDirectory)) {
        const mail = await readFile(join(app.mailDirectory, name), 'utf8');
        const token = /\/accept-invitation#token=([\w-]{43})/.exec(mail)?.[1];
        if (mail.includes(`To: ${address}`) && token !== undefined) return token;
      }
      throw new Error(`There is no invitation mail to ${address} yet.`);
    },
    { timeout: 10_000, interval: 25 },
  );

it('lets a new user join the organization with the link in the mail', async () => {
  const email = newAddress();
  const input = { organizationId: tenant.organizationId, email, role: 'DEVELOPER' };
  expect(await ask.data(tenant.users.ADMIN, invite, { input })).toMatchObject({
    result: {
      invitation: {
        email,
        role: 'DEVELOPER',
        status: 'OPEN',
        acceptedAt: null,
        invitedBy: { name: `${tenant.canary} admin` },
        organization: { slug: tenant.slug },
      },
    },
  });
  const token = await mailedToken(email);
  const seen = await app.graphql(preview, { token });
  expect(seen.body).toMatchObject({
    data: {
      invitation: {
        organizationName: tenant.name,
        email,
        role: 'DEVELOPER',
        invitedByName: `${tenant.canary} admin`,
      },
    },
  });

  const other = neighbour.users.OWNER;
  expect(await ask.outcome(other, accept, { input: { token } })).toBe('WRONG_ACCOUNT');
  const newcomer = await signUp(app.url, { email, password });
  const accepted = await app.graphql(accept, { input: { token } }, newcomer);
  expect(accepted.body).toEqual({
    data: {
      result: {
        invitation: {
          email,
          role: 'DEVELOPER',
          status: 'ACCEPTED',
          invitedBy: { email: tenant.users.ADMIN.email },
          organization: {
            slug: tenant.slug,
            viewerRole: 'DEVELOPER',
            members: { totalCount: 5 },
          },
        },
      },
    },
  });
  const viewer = await app.graphql('{ viewer { emailVerifiedAt } }', {}, newcomer);
  expect(viewer.body.data).toMatchObject({
    viewer: { emailVerifiedAt: expect.any(String) as string },
  });
  expect((await app.graphql(preview, { token })).body.data).toEqual({ invitation: null });
  const again = await app.graphql(accept, { input: { token } }, newcomer);
  expect(again.body.data).toEqual({ result: { code: 'INVALID_TOKEN' } });
});

it('never exposes a token or its hash in the response, the audit log or the queue', async () => {
  // Finished jobs are deleted from the queue, so a trigger copies their payloads.
  await app.database.pool.query(`
    CREATE TABLE queued (payload text);
    CREATE FUNCTION keep_payload() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO queued VALUES (NEW.payload::text); RETURN NULL; END $$;
    CREATE TRIGGER keep_payload AFTER INSERT OR UPDATE ON graphile_worker._private_jobs
      FOR EACH ROW EXECUTE FUNCTION keep_payload();`);
  const email = newAddress();
  const input = { organizationId: tenant.organizationId, email, role: 'VIEWER' };
  const answer = JSON.stringify(await ask.data(tenant.users.OWNER, invite, { input }));
  const token = await mailedToken(email);
  const { tokenHash } = await app.db.invitation.findFirstOrThrow({ where: { email } });
  const { rows: queued } = await app.database.pool.query('SELECT payload FROM queued');
  const { id } = await app.db.invitation.findFirstOrThrow({ where: { email } });
  expect(queued).toContainEqual({ payload: expect.stringContaining(id) as string });
  const entries = await app.db.auditEntry.findMany({ where: { targetLabel: email } });
  expect(entries).toHaveLength(1);
  for (const text of [answer, JSON.stringify(queued), JSON.stringify(entries)]) {
    expect(text).not.toContain(token);
    expect(text).not.toContain(Buffer.from(tokenHash ?? '').toString('hex'));
  }
});

describe('the list of invitations', () => {
  it('shows open invitations by default, or those with a given status', async () => {
    const { organizationId, canary } = tenant;
    const past = new Date(Date.now() - 60_000);
    const future = new Date(Date.now() + 60_000);
    const common = { organizationId, role: 'VIEWER' as const };
    await app.db.invitation.createMany({
      data: [
        { ...common, email: `expired-${canary}@example.org`, expiresAt: past },
        { ...common, email: `revoked-${canary}@example.org`, expiresAt: future, revokedAt: past },
        { ...common, email: `accepted-${canary}@example.org`, expiresAt: past, acceptedAt: past },
      ],
    });
    const shown = (status: string, email: string, invitedBy: { email: string } | null = null) => ({
      organization: { invitations: { totalCount: 1, nodes: [{ email, status, invitedBy }] } },
    });
    const { slug } = tenant;
    const { ADMIN, OWNER } = tenant.users;
    expect(await ask.data(ADMIN, list, { slug })).toEqual(
      shown('OPEN', tenant.invitation.email, { email: OWNER.email }),
    );
    for (const status of ['EXPIRED', 'REVOKED', 'ACCEPTED']) {
      const email = `${status.toLowerCase()}-${canary}@example.org`;
      expect(await ask.data(ADMIN, list, { slug, status })).toEqual(shown(status, email));
    }
  });

  it('is available to administrators only', async () => {
    for (const role of ['DEVELOPER', 'VIEWER'] as const) {
      expect(await ask.refusal(tenant.users[role], list, { slug: tenant.slug })).toBe('FORBIDDEN');
    }
  });
});

describe('revoking an invitation', () => {
  it('returns the revoked invitation, and invalidates its link', async () => {
    const { id, token } = tenant.invitation;
    expect(await ask.data(tenant.users.ADMIN, revoke, { input: { id } })).toEqual({
      result: { invitation: { id, status: 'REVOKED' } },
    });
    expect((await app.graphql(preview, { token })).body.data).toEqual({ invitation: null });
  });

  it("returns the same error for another tenant's invitation as for a missing one", async () => {
    const { id } = tenant.invitation;
    const stranger = neighbour.users.OWNER;
    const answer = await ask.data(stranger, revoke, { input: { id } });
    expect(answer).toMatchObject({ result: { code: 'NOT_FOUND' } });
    for (const none of [tenant.organizationId, 'x', '\0']) {
      expect(await ask.data(stranger, revoke, { input: { id: none } })).toEqual(answer);
    }
  });
});

describe('the invitations that a user received', () => {
  const received = `{
    viewer {
      receivedInvitations {
        totalCount nodes { id organizationName role invitedByName expiresAt }
      }
    }
  }`;
  const acceptReceived = `mutation ($input: AcceptReceivedInvitationInput!) {
    result: acceptReceivedInvitation(input: $input) {
      ... on AcceptReceivedInvitationSuccess { invitation { status organization { viewerRole } } }
      ... on Error { code }
    }
  }`;

  it('are listed for the verified address, and can be accepted', async () => {
    const { id, email } = tenant.invitation;
    const invitee = await signUp(app.url, { email, password });
    const empty = { viewer: { receivedInvitations: { totalCount: 0, nodes: [] } } };
    expect((await app.graphql(received, {}, invitee)).body.data).toEqual(empty);
    await app.db.user.update({ where: { email }, data: { emailVerifiedAt: new Date() } });
    expect((await app.graphql(received, {}, invitee)).body.data).toMatchObject({
      viewer: {
        receivedInvitations: {
          totalCount: 1,
          nodes: [{ id, organizationName: tenant.name, invitedByName: `${tenant.canary} owner` }],
        },
      },
    });
    const accepted = await app.graphql(acceptReceived, { input: { id } }, invitee);
    expect(accepted.body.data).toMatchObject({ result: { invitation: { status: 'ACCEPTED' } } });
    expect((await app.graphql(received, {}, invitee)).body.data).toEqual(empty);
  });

  it('are hidden from the members who see the user', async () => {
    const others = `query ($slug: String!) {
      organization(slug: $slug) {
        members { nodes { user { receivedInvitations { totalCount } } } }
      }
    }`;
    expect(await ask.refusal(tenant.users.OWNER, others, { slug: tenant.slug })).toBe('FORBIDDEN');
  });
});

it('returns a link for an invitation only to members who can invite', async () => {
  const createLink = `mutation ($input: CreateInvitationLinkInput!) {
    result: createInvitationLink(input: $input) {
      ... on CreateInvitationLinkSuccess { link invitation { id } }
      ... on Error { code }
    }
  }`;
  const { id } = tenant.invitation;
  const link = expect.stringMatching(/\/accept-invitation#token=[\w-]{43}$/) as string;
  expect(await ask.data(tenant.users.ADMIN, createLink, { input: { id } })).toEqual({
    result: { link, invitation: { id } },
  });
  const { DEVELOPER } = tenant.users;
  expect(await ask.refusal(DEVELOPER, createLink, { input: { id } })).toBe('FORBIDDEN');
});
