import { CommanderError } from 'commander';
import { CliError } from './cli-error.ts';
import { applySchema } from './commands/apply.ts';
import { exitCodeOf, exitCodes, type CommandContext, type Outcome } from './commands/command.ts';
import { planSchema } from './commands/plan.ts';
import { pullSchema } from './commands/pull.ts';
import { graphqlAddress, secretKey, withoutKeys } from './gateway/credentials.ts';
import { createGraphqlClient, type GraphqlClient } from './gateway/graphql-client.ts';
import { createSchemaApi } from './gateway/schema-api.ts';
import { fetchSchemaLanguage } from './gateway/schema-language.ts';
import { createProgram, type CommonOptions } from './program.ts';
import { failureJson, failureText } from './render/failure-text.ts';
import { paintFor, type ColourTarget } from './render/terminal.ts';
import { readSdl } from './sdl-file.ts';

export interface OutputStream extends ColourTarget {
  write(text: string): unknown;
}

/** The parts of the process that the command line uses. */
export interface CliEnvironment {
  /** The arguments, without the paths to Node.js and the script. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The version of Tessera. */
  readonly version: string;
  readonly stdin: AsyncIterable<Buffer>;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Asks a question and returns whether the answer is yes. Null if no one can answer. */
  readonly confirm: ((question: string) => Promise<boolean>) | null;
}

/**
 * Runs one command and writes its output.
 * @returns the exit code (see `exitCodes`)
 */
export async function runCli(environment: CliEnvironment): Promise<number> {
  const { args, env, version, stdin, stdout, stderr, confirm } = environment;
  const writeOut = (text: string) => void stdout.write(text);
  // A key that was passed as the wrong argument must not appear in an error message.
  const writeErr = (text: string) => void stderr.write(withoutKeys(text));
  let exitCode: number = exitCodes.done;

  const run = async (
    options: CommonOptions,
    scope: 'schema.read' | 'schema.apply',
    command: (context: CommandContext) => Promise<Outcome>,
  ) => {
    const isJson = options.json === true;
    try {
      const outcome = await command({
        api: createSchemaApi(connect(options, env), scope),
        tell: isJson ? () => undefined : writeOut,
        paint: paintFor(stdout, env),
        // A program reads JSON, and does not answer questions.
        confirm: isJson ? null : confirm,
      });
      if (isJson) writeOut(asJson(outcome));
      exitCode = exitCodeOf(outcome);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      if (isJson) writeOut(withoutKeys(asJson(failureJson(error))));
      else writeErr(failureText(error, paintFor(stderr, env)));
      exitCode = exitCodes.failed;
    }
  };

  const commands = {
    plan: (options) =>
      run(options, 'schema.read', async (context) =>
        planSchema(context, await readSdl(options.file, stdin), options),
      ),
    apply: (options) =>
      run(options, 'schema.apply', async (context) =>
        applySchema(context, await readSdl(options.file, stdin), options),
      ),
    directives: async ({ url, timeout }) => {
      try {
        const address = graphqlAddress(url ?? env['TESSERA_URL']);
        writeOut(await fetchSchemaLanguage(address, timeout * 1000));
      } catch (error) {
        if (!(error instanceof CliError)) throw error;
        writeErr(failureText(error, paintFor(stderr, env)));
        exitCode = exitCodes.failed;
      }
    },
    pull: (options) => run(options, 'schema.read', (context) => pullSchema(context, options)),
  } satisfies Parameters<typeof createProgram>[0];
  try {
    const program = createProgram(commands, { writeOut, writeErr }, version);
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has already written the help text or the error message.
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
}

function connect({ url, key, timeout }: CommonOptions, env: CliEnvironment['env']): GraphqlClient {
  const address = graphqlAddress(url ?? env['TESSERA_URL']);
  return createGraphqlClient({
    address,
    key: secretKey(key ?? env['TESSERA_KEY']),
    timeoutMs: timeout * 1000,
  });
}

const asJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
