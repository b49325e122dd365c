import { CliError } from '../cli-error.ts';

const where =
  'Set TESSERA_KEY, or give --key tsk_…; a key is made in the console or with createApiKey.';

/**
 * Refuses what cannot be a secret key; whether it is one, the gateway knows.
 * @param text from the command line or the environment, perhaps with a line's end
 * @throws CliError that never quotes the key
 */
export function secretKey(text: string | undefined): string {
  const key = text?.trim() ?? '';
  if (key === '') {
    throw new CliError('NO_KEY', 'Which project? The API key is missing.', { hint: where });
  }
  if (/^tpk_\w+$/.test(key)) {
    throw new CliError('WRONG_KEY', 'This is a publishable key, which never sees the schema.', {
      hint: 'Use a secret key (tsk_…) with the scope schema.read or schema.apply.',
    });
  }
  if (!/^tsk_\w+$/.test(key)) {
    throw new CliError('WRONG_KEY', 'This is no API key: a secret key begins with tsk_.', {
      hint: where,
    });
  }
  return key;
}

/** Text in which nobody reads a key any more, wherever it came from. */
export function withoutKeys(text: string): string {
  return text.replaceAll(/(t[sp]k_)\w+/g, '$1…');
}
