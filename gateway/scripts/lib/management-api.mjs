// @ts-check
import { ScriptError } from './progress.mjs';

/**
 * The fields of an expected mutation failure.
 * @typedef {{ code?: string, message?: string }} Failure
 */

/**
 * Calls the management API.
 * @template T the type of `data`
 * @param {string} origin for example http://localhost:4000
 * @param {string | null} token a user's access token or an API key
 * @param {string} query
 * @param {Readonly<Record<string, unknown>>} [variables]
 * @returns {Promise<T>}
 */
export async function callManagementApi(origin, token, query, variables = {}) {
  return callGraphql(`${origin}/graphql`, token, query, variables);
}

/**
 * Calls the management API or a project's API.
 * @template T the type of `data`
 * @param {string} url
 * @param {string | null} token a user's access token or an API key
 * @param {string} query
 * @param {Readonly<Record<string, unknown>>} [variables]
 * @returns {Promise<T>}
 */
export async function callGraphql(url, token, query, variables = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(30_000),
  });
  const answer = /** @type {{ data?: T | null, errors?: { message: string }[] }} */ (
    await response.json()
  );
  if (answer.errors !== undefined || answer.data === undefined || answer.data === null) {
    const reasons = answer.errors?.map(({ message }) => message).join(' ');
    throw new ScriptError(
      `The gateway responded with status ${response.status}: ${reasons ?? 'no data'}`,
    );
  }
  return answer.data;
}

/**
 * Returns a mutation's result if the mutation succeeded.
 * @template {object} T
 * @param {T & Failure} result
 * @returns {T}
 */
export function succeeded(result) {
  if (result.code !== undefined) throw new ScriptError(`${result.code}: ${result.message ?? ''}`);
  return result;
}
