import { CliError } from '../cli-error.ts';

const example = 'Give it as --url https://tessera.example.org, or set TESSERA_URL.';

/**
 * The management API's address on a gateway.
 * @param text its origin, as a person gives it; its `/graphql` may be there already
 * @throws CliError `BAD_URL`
 */
export function graphqlAddress(text: string | undefined): URL {
  if (text === undefined || text.trim() === '') {
    throw new CliError('NO_URL', 'Which gateway? Its address is missing.', { hint: example });
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new CliError('BAD_URL', 'The address of the gateway is no http or https address.', {
      hint: example,
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new CliError('BAD_URL', 'The address of the gateway must not hold a password.', {
      hint: 'The API key is all that is needed.',
    });
  }
  url.search = '';
  url.hash = '';
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\/graphql$/, '')}/graphql`;
  return url;
}
