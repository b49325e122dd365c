import { explainNetworkError } from './explain-network-error.ts';
import { notTessera } from './graphql-client.ts';

/**
 * Downloads the directives and scalars of the schema language. They need no key.
 *
 * @param address the URL of `/graphql`
 * @throws CliError if there is no response, or not one of a gateway
 */
export async function fetchSchemaLanguage(address: URL, timeoutMs: number): Promise<string> {
  const url = new URL('/schema-language.graphql', address);
  const response = await fetch(url, {
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error: unknown) => {
    throw explainNetworkError(error, url, timeoutMs);
  });
  const isGraphql = response.headers.get('content-type')?.startsWith('application/graphql');
  if (response.status !== 200 || isGraphql !== true) throw notTessera(url, response.status);
  return response.text();
}
