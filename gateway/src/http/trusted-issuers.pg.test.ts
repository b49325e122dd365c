import { createHmac } from 'node:crypto';
import type { ServerResponse } from 'node:http';

import { exportSPKI, importJWK, UnsecuredJWT, type CryptoKey } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';

import { useApp, type TestApp } from '../../test/app.ts';
import { audience, newIssuerKey, useLocalIssuer } from '../../test/local-issuer.ts';
import { makeNotes, notesQuery, type NotesProject } from '../../test/notes-project.ts';
import { createKey, trustIssuers } from '../../test/project-settings.ts';
import type { TrustedIssuer } from '../data-plane/callers/access-settings.ts';

let time = Date.now();
const clock = () => new Date(time);
const seconds = () => Math.floor(time / 1_000);
const app = useApp({ clock, env: { EGRESS_ALLOW_PRIVATE: 'true' } });
/** A gateway with the settings of production. */
const guarded = useApp({ clock });
const issuer = useLocalIssuer(clock);
const other = useLocalIssuer(clock);

beforeEach(async () => {
  for (const each of [issuer, other]) {
    each.keys = [await newIssuerKey()];
    each.requests.length = 0;
    each.respond = null;
  }
});

/** A project that trusts issuers, and an app that uses it. */
interface TrustingApp {
  readonly project: NotesProject;
  /** The texts of the notes that the user sees, or the status and the message of the error. */
  readonly ask: (token: string) => Promise<unknown>;
}

const byHandle = { userField: 'handle' } as const;

async function trusting(
  trusted: readonly TrustedIssuer[] = [issuer.trusted(byHandle)],
  of: TestApp = app,
): Promise<TrustingApp> {
  const project = await makeNotes(of);
  await trustIssuers(of, project, trusted);
  const key = await createKey(of, project, { kind: 'PUBLISHABLE' });
  return {
    project,
    async ask(token) {
      const response = await fetch(project.endpoint, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-api-key': key,
          authorization: `Bearer ${token}`,
        },
        body: JSON.stringify({ query: notesQuery }),
      });
      // The project's API answers in this form.
      const { data, errors } = (await response.json()) as {
        readonly data?: { readonly notes: { readonly nodes: readonly { text: string }[] } };
        readonly errors?: readonly { readonly message: string }[];
      };
      if (errors !== undefined) return `${response.status} ${errors[0]?.message ?? ''}`;
      return data?.notes.nodes.map(({ text }) => text);
    },
  };
}

const ofAda = ['of ada', 'open'];
const refused = (reason: string): unknown => expect.stringMatching(new RegExp(`^401 .*${reason}`));
const unavailable: unknown = expect.stringMatching(/^503 .*keys could not be fetched/);

describe('the keys of an issuer', () => {
  it('can be rotated: tokens with the new key and with the old one are accepted', async () => {
    const { ask } = await trusting();
    const [old] = issuer.keys;
    expect(await ask(await issuer.token())).toEqual(ofAda);
    const next = await newIssuerKey('RS256');
    issuer.keys = [next, ...issuer.keys];
    time += 30_000;
    expect(await ask(await issuer.token({ key: next }))).toEqual(ofAda);
    if (old === undefined) throw new Error('The issuer has a key.');
    expect(await ask(await issuer.token({ key: old, claims: { jti: '2' } }))).toEqual(ofAda);
    // The old key is removed.
    issuer.keys = [next];
    time += 10 * 60_000;
    expect(await ask(await issuer.token({ key: old }))).toEqual(refused('kid'));
    expect(await ask(await issuer.token({ key: next }))).toEqual(ofAda);
  });

  it('are fetched at most every 30 seconds for unknown key ids', async () => {
    const { ask } = await trusting();
    await ask(await issuer.token());
    expect(issuer.requests).toEqual(['/keys']);
    const unknown = async () => ask(await issuer.token({ key: await newIssuerKey() }));
    for (let n = 0; n < 5; n += 1) expect(await unknown()).toEqual(refused('kid'));
    expect(issuer.requests).toHaveLength(1);
    time += 29_000;
    await unknown();
    expect(issuer.requests).toHaveLength(1);
    time += 1_000;
    await Promise.all([unknown(), unknown(), unknown()]);
    expect(issuer.requests).toHaveLength(2);
  });

  it('that are known work during an outage of the issuer, and others are an error that passes', async () => {
    const { ask } = await trusting();
    expect(await ask(await issuer.token())).toEqual(ofAda);
    issuer.respond = (response) => response.destroy();
    const next = await newIssuerKey();
    for (let hour = 0; hour < 3; hour += 1) {
      time += 60 * 60_000;
      expect(await ask(await issuer.token())).toEqual(ofAda);
      expect(await ask(await issuer.token({ key: next }))).toEqual(unavailable);
    }
    issuer.respond = null;
    issuer.keys = [next];
    time += 30_000;
    expect(await ask(await issuer.token({ key: next }))).toEqual(ofAda);
  });

  it('are refreshed without a delay for users, also if the issuer is slow', async () => {
    const { ask } = await trusting();
    expect(await ask(await issuer.token())).toEqual(ofAda);
    const held: ServerResponse[] = [];
    issuer.respond = (response) => held.push(response);
    time += 5 * 60_000;
    expect(await ask(await issuer.token())).toEqual(ofAda);
    await expect.poll(() => held.length).toBe(1);
    // A user with a new key waits until the issuer responds.
    const next = await newIssuerKey();
    const waiting = ask(await issuer.token({ key: next }));
    expect(await ask(await issuer.token({ claims: { jti: '2' } }))).toEqual(ofAda);
    for (const response of held) {
      response.end(JSON.stringify({ keys: [...issuer.keys, next].map(({ jwk }) => jwk) }));
    }
    expect(await waiting).toEqual(ofAda);
    expect(issuer.requests).toHaveLength(2);
  });

  it.each([
    ['more than 50 keys', 51, 0],
    ['more than 64 kB', 1, 70_000],
  ])('are not read from a document with %s', async (_what, count, padding) => {
    const { ask } = await trusting();
    const keys = await Promise.all(Array.from({ length: count }, () => newIssuerKey()));
    issuer.keys = [...issuer.keys, ...keys];
    issuer.respond = (response) =>
      response.end(
        JSON.stringify({ keys: issuer.keys.map(({ jwk }) => jwk), padding: 'x'.repeat(padding) }),
      );
    expect(await ask(await issuer.token())).toEqual(unavailable);
  });

  it('are not fetched through a redirect', async () => {
    const { ask } = await trusting();
    other.keys = issuer.keys;
    issuer.respond = (response) => response.writeHead(302, { location: other.jwksUrl }).end();
    expect(await ask(await issuer.token())).toEqual(unavailable);
    expect(other.requests).toEqual([]);
  });

  it('are found by discovery, but not in the document of another issuer', async () => {
    const { ask } = await trusting([issuer.trusted({ ...byHandle, jwksUrl: null })]);
    expect(await ask(await issuer.token())).toEqual(ofAda);
    const wrong = await trusting([issuer.trusted({ ...byHandle, jwksUrl: null })]);
    issuer.respond = (response) =>
      response.end(JSON.stringify({ issuer: other.issuer, jwks_uri: issuer.jwksUrl }));
    expect(await wrong.ask(await issuer.token())).toEqual(unavailable);
  });

  it.each(['localhost', '127.0.0.1', '0x7f.1', '[::ffff:127.0.0.1]'])(
    'are not fetched from the private address %s',
    async (host) => {
      const { port } = new URL(issuer.issuer);
      const trusted = issuer.trusted({ ...byHandle, jwksUrl: `https://${host}:${port}/keys` });
      // The `iss` is only compared, and does not have to be reachable.
      const named = { ...trusted, issuer: 'https://issuer.example' };
      const { ask } = await trusting([named], guarded);
      const token = await issuer.token({ claims: { iss: named.issuer } });
      const before = issuer.connections;
      expect(await ask(token)).toEqual(unavailable);
      expect(issuer.connections).toBe(before);
    },
  );
});

describe('a token is not accepted', () => {
  it('by a project that trusts another issuer', async () => {
    const { ask } = await trusting([other.trusted(byHandle)]);
    expect(await ask(await issuer.token())).toEqual(refused('iss'));
    // The claim names the trusted issuer, but the key is the other one's.
    const iss = other.issuer;
    expect(await ask(await issuer.token({ claims: { iss } }))).toEqual(refused('kid'));
    const [theirs] = other.keys;
    const header = { kid: theirs?.jwk.kid };
    expect(await ask(await issuer.token({ claims: { iss }, header }))).toEqual(
      refused('signature'),
    );
  });

  it('by another project with the same issuer and another audience', async () => {
    const one = await trusting();
    const two = await trusting([issuer.trusted({ ...byHandle, audience: `${audience}/two` })]);
    const token = await issuer.token();
    expect(await one.ask(token)).toEqual(ofAda);
    expect(await two.ask(token)).toEqual(refused('aud'));
    expect(await one.ask(token)).toEqual(ofAda);
  });

  it('outside of its time, with 30 seconds for different clocks', async () => {
    const { ask } = await trusting();
    expect(await ask(await issuer.token({ exp: seconds() - 28 }))).toEqual(ofAda);
    expect(await ask(await issuer.token({ exp: seconds() - 31 }))).toEqual(refused('expired'));
    expect(await ask(await issuer.token({ exp: undefined }))).toEqual(refused('exp'));
    expect(await ask(await issuer.token({ claims: { nbf: seconds() + 28 } }))).toEqual(ofAda);
    expect(await ask(await issuer.token({ claims: { nbf: seconds() + 32 } }))).toEqual(
      refused('nbf'),
    );
    // A token that was accepted is not accepted from the cache after its end.
    const token = await issuer.token({ exp: seconds() + 10 });
    expect(await ask(token)).toEqual(ofAda);
    time += 41_000;
    expect(await ask(token)).toEqual(refused('expired'));
  });

  it('without a key id', async () => {
    const { ask } = await trusting();
    expect(await ask(await issuer.token({ header: { kid: undefined } }))).toEqual(refused('kid'));
  });

  it('if it is not signed, or signed with the public key as a secret', async () => {
    const { ask } = await trusting();
    const [key] = issuer.keys;
    if (key === undefined) throw new Error('The issuer has a key.');
    const claims = { iss: issuer.issuer, aud: audience, sub: 'ada', exp: seconds() + 60 };
    expect(await ask(new UnsecuredJWT(claims).encode())).toEqual(refused('alg'));
    // The cast is safe: keys with an algorithm of these are imported as CryptoKey.
    const publicKey = (await importJWK(key.jwk, key.alg)) as CryptoKey;
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const signed = `${part({ alg: 'HS256', kid: key.jwk.kid })}.${part(claims)}`;
    const signature = createHmac('sha256', await exportSPKI(publicKey)).update(signed);
    expect(await ask(`${signed}.${signature.digest('base64url')}`)).toEqual(refused('alg'));
  });

  it.each([
    ['is missing', undefined],
    ['is false', false],
    ['is the text "true"', 'true'],
  ])('if its address identifies the user, and email_verified %s', async (_what, verified) => {
    const { ask } = await trusting([issuer.trusted({ userClaim: 'email', userField: 'email' })]);
    const token = (isVerified: unknown) =>
      issuer.token({ claims: { email: 'ada@example.com', email_verified: isVerified } });
    expect(await ask(await token(verified))).toEqual(refused('email_verified'));
    expect(await ask(await token(true))).toEqual(ofAda);
  });
});

describe('a claim', () => {
  it('that looks like a role gives no rights unless the settings map it', async () => {
    const claims = { role: 'editor', app_metadata: { role: 'editor' } };
    const { ask } = await trusting();
    expect(await ask(await issuer.token({ claims }))).toEqual(ofAda);
    const mapped = await trusting([
      issuer.trusted({ ...byHandle, claims: [{ name: 'role', path: 'app_metadata.role' }] }),
    ]);
    expect(await mapped.ask(await issuer.token({ claims }))).toEqual(['of ada', 'of bob', 'open']);
    expect(await mapped.ask(await issuer.token({ claims: { role: 'editor' } }))).toEqual(ofAda);
    const list = { app_metadata: { role: ['editor'] } };
    expect(await mapped.ask(await issuer.token({ claims: list }))).toEqual(ofAda);
  });
});
