import { CliError } from '../cli-error.ts';

const addressHint = 'Give it as --url https://tessera.example.org, or set TESSERA_URL.';

/**
 * The management API's address on a gateway.
 * @param text its origin, as a person gives it; its `/graphql` may be there already
 * @throws CliError `BAD_URL`
 */
export function graphqlAddress(text: string | undefined): URL {
  if (text === undefined || text.trim() === '') {
    throw new CliError('NO_URL', 'Which gateway? Its address is missing.', { hint: addressHint });
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    throw new CliError('BAD_URL', 'The address of the gateway is no http or https address.', {
      hint: addressHint,
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

const keyHint =
  'Set TESSERA_KEY, or give --key tsk_…; a key is made in the console or with createApiKey.';

/**
 * Refuses what cannot be a secret key; whether it is one, the gateway knows.
 * @param text from the command line or the environment, perhaps with a line's end
 * @throws CliError that never quotes the key
 */
export function secretKey(text: string | undefined): string {
  const key = text?.trim() ?? '';
  if (key === '') {
    throw new CliError('NO_KEY', 'Which project? The API key is missing.', { hint: keyHint });
  }
  if (/^tpk_\w+$/.test(key)) {
    throw new CliError('WRONG_KEY', 'This is a publishable key, which never sees the schema.', {
      hint: 'Use a secret key (tsk_…) with the scope schema.read or schema.apply.',
    });
  }
  if (!/^tsk_\w+$/.test(key)) {
    throw new CliError('WRONG_KEY', 'This is no API key: a secret key begins with tsk_.', {
      hint: keyHint,
    });
  }
  return key;
}

/** Removes the secret part of every API key in a text. */
export function withoutKeys(text: string): string {
  return text.replaceAll(/(t[sp]k_)\w+/g, '$1…');
}
