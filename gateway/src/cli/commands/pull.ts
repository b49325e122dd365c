import { CliError } from '../cli-error.ts';
import type { CommonOptions } from '../program.ts';
import { standardStream, writeSdl } from '../sdl-file.ts';
import type { CommandContext, Outcome } from './command.ts';

/**
 * `tessera schema pull`: writes the schema exactly as it was applied, byte for byte. With `--file -` it writes only
 * the schema to stdout.
 */
export async function pullSchema(
  { api, tell }: CommandContext,
  { file }: CommonOptions,
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
  await writeSdl(file, schema.sdl);
  tell(`Wrote version ${schema.version} to ${file}.\n`);
  return { outcome: 'pulled', project, schema, file };
}
