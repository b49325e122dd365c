import type { EgressClient } from '../../platform/egress/egress-client.ts';
import { EgressError } from '../../platform/egress/egress-error.ts';
import type { TrustedIssuer } from './access-settings.ts';

/** A public key of an issuer (RFC 7517), with the members that verification needs. */
export type PublicKey = Readonly<Record<(typeof members)[number], unknown>> & {
  readonly kid: string;
};

const members = ['kty', 'kid', 'alg', 'use', 'key_ops', 'crv', 'x', 'y', 'n', 'e'] as const;
const maxKeys = 50;
const maxKidLength = 256;

/** The keys of an issuer could not be fetched. The message is for the log. */
class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
}

/**
 * Fetches the keys of an issuer, from the address in the settings or from the one that OpenID Connect discovery finds.
 * Keys without an id are left out.
 * @throws KeysUnavailableError
 */
export async function fetchKeys(
  egress: EgressClient,
  { issuer, jwksUrl }: Pick<TrustedIssuer, 'issuer' | 'jwksUrl'>,
): Promise<readonly PublicKey[]> {
  const { keys } = await getJson(egress, jwksUrl ?? (await discover(egress, issuer)));
  if (!Array.isArray(keys)) throw new KeysUnavailableError('The document has no list of keys.');
  if (keys.length > maxKeys) {
    throw new KeysUnavailableError(`The document has more than ${maxKeys} keys.`);
  }
  return keys.flatMap(publicKeyOf);
}

/** OpenID Connect Discovery 1.0, section 4. */
async function discover(egress: EgressClient, issuer: string): Promise<string> {
  const base = issuer.endsWith('/') ? issuer.slice(0, -1) : issuer;
  const found = await getJson(egress, `${base}/.well-known/openid-configuration`);
  // Section 4.3: otherwise, one issuer could publish the keys of another.
  if (found.issuer !== issuer) {
    throw new KeysUnavailableError('The discovery document is for another issuer.');
  }
  if (typeof found.jwks_uri !== 'string') {
    throw new KeysUnavailableError('The discovery document has no jwks_uri.');
  }
  return found.jwks_uri;
}

async function getJson(
  egress: EgressClient,
  url: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { status, body } = await get(egress, url);
  if (status !== 200) throw new KeysUnavailableError(`The server responded with ${status}.`);
  const value = parseJson(body.toString('utf8'));
  if (typeof value !== 'object' || value === null) {
    throw new KeysUnavailableError('The document is not a JSON object.');
  }
  // The cast is safe: every member is checked before it is used.
  return value as Readonly<Record<string, unknown>>;
}

async function get(egress: EgressClient, url: string) {
  try {
    return await egress.get(url, { accept: 'application/json, application/jwk-set+json' });
  } catch (error) {
    if (!(error instanceof EgressError)) throw error;
    throw new KeysUnavailableError(error.message, { cause: error });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function publicKeyOf(value: unknown): readonly PublicKey[] {
  if (typeof value !== 'object' || value === null) return [];
  const kid: unknown = Reflect.get(value, 'kid');
  if (typeof kid !== 'string' || kid.length > maxKidLength) return [];
  // Private members are left out.
  const known = members.map((name) => [name, Reflect.get(value, name)] as const);
  // The cast is safe: the object has exactly these members.
  return [{ ...(Object.fromEntries(known) as PublicKey), kid }];
}
