import { CliError } from '../cli-error.ts';
import type { PullOptions } from '../program.ts';
import { readPresent, standardStream, writeSdl } from '../sdl-file.ts';
import type { CommandContext, Outcome } from './command.ts';

/**
 * `tessera schema pull`: writes the schema exactly as it was applied, byte for byte. With `--file -` it writes only
 * the schema to stdout. A file with other content is overwritten only with `--force` or after a question.
 */
export async function pullSchema(
  { api, tell, confirm }: CommandContext,
  { file, force = false }: PullOptions,
): Promise<Outcome> {
  const { ref, name, schema } = await api.project();
  if (schema === null) {
    throw new CliError('NO_SCHEMA', 'This project has no schema yet.', {
      hint: 'Write a schema and apply it with `tessera schema apply`.',
    });
  }
  const project = { ref, name };
  if (file === standardStream) {
    tell(schema.sdl);
    return { outcome: 'pulled', project, schema, file: null };
  }
  const present = await readPresent(file);
  if (present !== null && !present.equals(Buffer.from(schema.sdl)) && !force) {
    await requireConsent(file, confirm);
  }
  await writeSdl(file, schema.sdl);
  tell(`Wrote version ${schema.version} to ${file}.\n`);
  return { outcome: 'pulled', project, schema, file };
}

/** @throws CliError if the user does not agree, or cannot be asked */
async function requireConsent(file: string, confirm: CommandContext['confirm']): Promise<void> {
  if (confirm === null) {
    throw new CliError('FILE_EXISTS', `${file} exists and differs from the applied schema.`, {
      hint: 'Nothing was written. Pass --force to overwrite the file, or another path with --file.',
    });
  }
  if (await confirm(`${file} differs from the applied schema. Overwrite it?`)) return;
  throw new CliError('FILE_EXISTS', `${file} was not overwritten.`);
}
