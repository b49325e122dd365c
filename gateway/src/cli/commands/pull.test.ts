import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  cliSdl as sdl,
  projectWith,
  useCli,
  type CliCall as Given,
} from '../../../test/cli-kit.ts';

const cli = useCli();
const { gateway, onFile, run: tessera } = cli;

describe('pull', () => {
  it('writes the file byte for byte', async () => {
    const odd = '# ü\r\ntype A\n\n';
    gateway.answer(projectWith(odd));
    expect(await onFile('pull', '--force')).toMatchObject({ exitCode: 0 });
    expect(await readFile(cli.file, 'utf8')).toBe(odd);
  });

  it('overwrites a file with other content only after a question or with --force', async () => {
    const mine = 'type Mine @model { id: ID! @id }';
    const pull = async (given: Given, ...more: string[]) => {
      await writeFile(cli.file, mine);
      gateway.answer(projectWith(sdl));
      const done = await tessera(['schema', 'pull', '--file', cli.file, ...more], given);
      return { ...done, isOverwritten: (await readFile(cli.file, 'utf8')) === sdl };
    };
    const unattended = await pull({});
    expect(unattended).toMatchObject({ exitCode: 1, isOverwritten: false });
    expect(unattended.stderr).toContain('exists and differs from the applied schema');
    expect(unattended.stderr).toContain('Pass --force');
    expect(await pull({ answer: false })).toMatchObject({ exitCode: 1, isOverwritten: false });
    const agreed = await pull({ answer: true });
    expect(agreed).toMatchObject({ exitCode: 0, isOverwritten: true });
    expect(agreed.stderr).toContain(`${cli.file} differs from the applied schema. Overwrite it?`);
    expect(await pull({}, '--force')).toMatchObject({ exitCode: 0, isOverwritten: true });
    const json = await pull({ answer: true }, '--json');
    expect(json).toMatchObject({ exitCode: 1, isOverwritten: false });
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'FILE_EXISTS' } });
  });

  it('does not ask before it writes a new file or the same content', async () => {
    gateway.answer(projectWith(sdl), projectWith(sdl));
    expect(await onFile('pull')).toMatchObject({ exitCode: 0, stderr: '' });
    await rm(cli.file);
    expect(await onFile('pull')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await readFile(cli.file, 'utf8')).toBe(sdl);
  });

  it('prints only the SDL with --file -', async () => {
    gateway.answer(projectWith(sdl), projectWith(sdl));
    const args = ['schema', 'pull', '--file', '-'];
    expect(await tessera(args)).toEqual({ exitCode: 0, stdout: sdl, stderr: '' });
    const { stdout } = await tessera([...args, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'pulled', file: null, schema: { sdl } });
  });

  it('reports a folder that does not exist', async () => {
    gateway.answer(projectWith(sdl));
    const { exitCode, stderr } = await tessera([
      ...['schema', 'pull', '--file', join(cli.folder, 'sub', 'schema.graphql')],
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      `The folder ${join(cli.folder, 'sub')} does not exist.\n  Create the folder`,
    );
  });

  it('does not touch the file if the project has no schema', async () => {
    gateway.answer(projectWith(null));
    expect(await onFile('pull')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('has no schema yet') as string,
    });
    expect(await readFile(cli.file, 'utf8')).toBe(sdl);
  });
});
