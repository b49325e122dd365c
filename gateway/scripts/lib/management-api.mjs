// @ts-check
import { ScriptError } from './progress.mjs';

/**
 * The result of a mutation: its success's fields, or an expected failure's.
 * @typedef {{ code?: string, message?: string }} Failure
 */

/**
 * Calls the management API.
 * @template T what `data` holds
 * @param {string} origin such as http://localhost:4000
 * @param {string | null} token a user's access token or an API key
 * @param {string} query
 * @param {Record<string, string>} [variables]
 * @returns {Promise<T>}
 */
export async function callManagementApi(origin, token, query, variables = {}) {
  return callGraphql(`${origin}/graphql`, token, query, variables);
}

/**
 * Calls either API.
 * @template T what `data` holds
 * @param {string} url
 * @param {string | null} token a user's access token or an API key
 * @param {string} query
 * @param {Record<string, string>} [variables]
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
    throw new ScriptError(`The gateway answered ${response.status}: ${reasons ?? 'no data'}`);
  }
  return answer.data;
}

/**
 * A mutation's success.
 * @template {object} T
 * @param {T & Failure} result
 * @returns {T}
 */
export function succeeded(result) {
  if (result.code !== undefined) throw new ScriptError(`${result.code}: ${result.message ?? ''}`);
  return result;
}
