import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach } from 'vitest';
import { runCli } from '../src/cli/run-cli.ts';
import { useStandInGateway, type StandInAnswer, type StandInGateway } from './stand-in-gateway.ts';

export const cliKey = 'tsk_0123456789';
export const cliSdl = 'type Note @model {\n  id: ID! @id\n}\n';

export interface CliCall {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Buffer;
  /** The answer of the user at the terminal. By default, there is no terminal. */
  readonly answer?: boolean;
}

export interface CliResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Cli {
  readonly gateway: StandInGateway;
  readonly folder: string;
  /** A file that contains `cliSdl`. */
  readonly file: string;
  readonly run: (args: readonly string[], call?: CliCall) => Promise<CliResult>;
  /** Runs `tessera schema <command>` with the file. */
  readonly onFile: (command: string, ...more: string[]) => Promise<CliResult>;
}

/** Runs the command line against a stand-in for the gateway, with a new file for each test. */
export function useCli(): Cli {
  const gateway = useStandInGateway();
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tessera-cli-'));
    await writeFile(fileIn(folder), cliSdl);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const run: Cli['run'] = async (args, { env, stdin = '', answer } = {}) => {
    const written = { stdout: '', stderr: '' };
    const sink = (name: keyof typeof written) => ({
      write: (text: string) => void (written[name] += text),
    });
    const exitCode = await runCli({
      args,
      env: { TESSERA_URL: gateway.origin, TESSERA_KEY: cliKey, ...env },
      version: '1.2.3',
      stdin: Readable.from([Buffer.from(stdin)]),
      stdout: sink('stdout'),
      stderr: sink('stderr'),
      confirm:
        answer === undefined
          ? null
          : (question) => {
              written.stderr += question;
              return Promise.resolve(answer);
            },
    });
    return { exitCode, ...written };
  };
  return {
    gateway,
    run,
    get folder() {
      return folder;
    },
    get file() {
      return fileIn(folder);
    },
    onFile: (command, ...more) => run(['schema', command, '--file', fileIn(folder), ...more]),
  };
}

const fileIn = (folder: string) => join(folder, 'schema.graphql');

/** The gateway's answer to a key of a project with this schema. */
export const projectWith = (applied: string | null): StandInAnswer => ({
  body: {
    data: {
      currentApiKey: {
        project: {
          ref: 'abcdefgh01234567',
          name: 'Tracker',
          schema:
            applied === null
              ? null
              : { sdl: applied, version: 1, appliedAt: '2030-01-01T00:00:00.000Z' },
        },
      },
    },
  },
});
