import { edgeErrors } from '../edge-errors.ts';
import { isApiKey, type SentCredentials } from '../authenticate.ts';
import { requestErrors } from '../../platform/errors/request-errors.ts';

type Payload = Readonly<Record<string, unknown>>;

/**
 * Adds the credentials in the payload of `connection_init` to those of the headers. `apiKey` is a key of the project.
 * `userToken` is the token of a user, and `accessToken` that of a member.
 * @throws RequestError `BAD_REQUEST` or `UNAUTHENTICATED`
 */
export function addPayload(headers: SentCredentials, payload: Payload): SentCredentials {
  const key = textIn(payload, 'apiKey');
  if (key !== null && !isApiKey(key)) throw requestErrors.credentialNotValid();
  return { key: either(headers.key, key), token: either(headers.token, tokenIn(payload)) };
}

/** Returns the newer token in the payload of a `ping`. Null if it has none. @throws RequestError `BAD_REQUEST` */
export function tokenIn(payload: Payload): string | null {
  return either(textIn(payload, 'userToken'), textIn(payload, 'accessToken'));
}

/** Other members are ignored, because clients add some. */
function textIn(payload: Payload, name: string): string | null {
  const value = payload[name] ?? null;
  if (value === null || typeof value === 'string') return value;
  throw edgeErrors.credentialNotText(name);
}

function either(one: string | null, other: string | null): string | null {
  if (one !== null && other !== null && one !== other) throw edgeErrors.credentialTwice();
  return one ?? other;
}
