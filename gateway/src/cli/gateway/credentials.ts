import { CliError } from '../cli-error.ts';

const addressHint = 'Pass it as --url https://tessera.example.org, or set TESSERA_URL.';

/**
 * Returns the URL of a gateway's management API.
 * @param text the gateway's origin; the only paths allowed are `/` and `/graphql`, so a project's endpoint is rejected
 * @throws CliError `BAD_URL`
 */
export function graphqlAddress(text: string | undefined): URL {
  if (text === undefined || text.trim() === '') {
    throw new CliError('NO_URL', 'No gateway address was provided.', { hint: addressHint });
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!/^https?:/i.test(text.trim())) {
    const message = `The URL${quoted(text)} must begin with http:// or https://.`;
    throw new CliError('BAD_URL', message, { hint: addressHint });
  }
  if (url === null) {
    throw new CliError('BAD_URL', `The URL${quoted(text)} is invalid.`, { hint: addressHint });
  }
  if (url.username !== '' || url.password !== '') {
    const message = "The gateway's address must not contain a user name or password.";
    throw new CliError('BAD_URL', message, { hint: 'Authenticate only with an API key.' });
  }
  if (!/^\/+(graphql\/*)?$/.test(url.pathname)) {
    throw new CliError('BAD_URL', `The URL${quoted(text)} has a path.`, {
      hint: `Use only the gateway's address: ${url.origin}`,
    });
  }
  return new URL('/graphql', url.origin);
}

/** Quotes a URL in a message, unless the URL might contain a password. */
const quoted = (text: string): string => (text.includes('@') ? '' : ` "${text.trim()}"`);

const keyHint =
  'Set TESSERA_KEY or pass --key tsk_…. Create a key in the console or with createApiKey.';

/**
 * Rejects text that does not have the format of a secret key. The gateway checks whether the key is valid.
 * @param text from the command line or the environment; surrounding whitespace is ignored
 * @throws CliError, which never quotes the key
 */
export function secretKey(text: string | undefined): string {
  const key = text?.trim() ?? '';
  if (key === '') {
    throw new CliError('NO_KEY', 'No API key was provided for the project.', { hint: keyHint });
  }
  if (/^tpk_\w+$/.test(key)) {
    throw new CliError('WRONG_KEY', 'A publishable key cannot access the schema.', {
      hint: 'Use a secret key (tsk_…) with the scope schema.read or schema.apply.',
    });
  }
  if (!/^tsk_\w+$/.test(key)) {
    throw new CliError('WRONG_KEY', 'This is not an API key. A secret key begins with tsk_.', {
      hint: keyHint,
    });
  }
  return key;
}

/** Removes the secret part of every API key in a string. */
export function withoutKeys(text: string): string {
  return text.replaceAll(/(t[sp]k_)\w+/g, '$1…');
}
