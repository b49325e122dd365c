import { Command, InvalidArgumentError, Option } from 'commander';
import { hazards, type Hazard } from './gateway/schema-api.ts';

/** The options that all commands share, as parsed by commander. */
export interface CommonOptions {
  readonly url?: string;
  readonly key?: string;
  readonly file: string;
  readonly timeout: number;
  readonly json?: boolean;
}

export interface PlanOptions extends CommonOptions {
  readonly sql?: boolean;
}

export interface ApplyOptions extends PlanOptions {
  readonly accept?: readonly Hazard[];
  /** The hash of the reviewed plan. */
  readonly plan?: string;
}

export interface PullOptions extends CommonOptions {
  readonly force?: boolean;
}

export type DirectivesOptions = Pick<CommonOptions, 'url' | 'timeout'>;

/** The implementations of the commands. The program only parses the arguments. */
export interface Commands {
  plan(options: PlanOptions): Promise<void>;
  apply(options: ApplyOptions): Promise<void>;
  pull(options: PullOptions): Promise<void>;
  directives(options: DirectivesOptions): Promise<void>;
}

export interface Output {
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
}

const exitCodesHelp = `
Exit codes: 0 success or no changes, 1 error, 2 the plan has changes (plan only).`;

/**
 * The grammar of the command line. It throws a CommanderError for invalid arguments and never exits the process.
 * @param version the text that `--version` prints
 */
export function createProgram(commands: Commands, output: Output, version: string): Command {
  const program = new Command('tessera')
    .description("Manages a project's schema over HTTP.")
    .version(version, '--version', 'display the version')
    .exitOverride()
    .configureOutput(output);
  const schema = program.command('schema').description('Plan, apply and download a schema.');

  withPlanOptions(schema.command('plan'), 'SDL file to read, - for stdin')
    .description('Show the migration plan without applying it.')
    .action((options: PlanOptions) => commands.plan(options));
  withPlanOptions(schema.command('apply'), 'SDL file to read, - for stdin')
    .description('Show the migration plan and apply it in one transaction.')
    .option(
      '--accept <hazards>',
      `hazards to accept: ${hazards.join(', ')} (comma-separated or repeated)`,
      parseHazards,
    )
    .option('--plan <hash>', 'apply only the plan with this hash, which plan prints')
    .action((options: ApplyOptions) => commands.apply(options));
  withCommonOptions(schema.command('pull'), 'file to write the SDL to, - for stdout')
    .description('Download the most recently applied schema.')
    .option('--force', 'overwrite a different file without a question')
    .action((options: PullOptions) => commands.pull(options));
  withConnectionOptions(schema.command('directives'))
    .description('Print the directives and scalars of the schema language, for editors.')
    .action((options: DirectivesOptions) => commands.directives(options));
  suggestHelp(program, 'tessera');
  suggestHelp(schema, 'tessera schema');
  for (const command of schema.commands) {
    const name = `tessera schema ${command.name()}`;
    suggestHelp(command, name);
    suggestCommand(program, command.name(), name);
  }
  return program;
}

function suggestHelp(command: Command, name: string): void {
  command.showHelpAfterError(`See ${name} --help.`);
}

/** Adds a command that suggests `tessera schema apply` to a user who enters `tessera apply`. Help does not list it. */
function suggestCommand(program: Command, wrong: string, right: string): void {
  program
    .command(wrong, { hidden: true })
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(() => {
      program.error(`error: unknown command '${wrong}'\n(Did you mean ${right}?)`, {
        code: 'commander.unknownCommand',
      });
    });
}

function withPlanOptions(command: Command, file: string): Command {
  return withCommonOptions(command, file).option('--sql', 'show the SQL for each step');
}

function withConnectionOptions(command: Command): Command {
  return command
    .option('--url <origin>', 'gateway address (default: TESSERA_URL)')
    .addOption(
      new Option('--timeout <seconds>', 'time limit for each response, 1 to 300')
        .default(60)
        .argParser(parseSeconds),
    );
}

function withCommonOptions(command: Command, file: string): Command {
  return withConnectionOptions(command)
    .option(
      '--key <key>',
      "the project's secret key (prefer TESSERA_KEY, because ps shows arguments)",
    )
    .option('--file <path>', file, 'schema.graphql')
    .option('--json', 'print one JSON document instead of text')
    .addHelpText('after', exitCodesHelp);
}

/** Collects the hazards from comma-separated lists (`DATA_LOSS,LOCK`) and repeated flags. */
function parseHazards(text: string, previous: readonly Hazard[] = []): readonly Hazard[] {
  const named = text.split(',').map((name) => {
    const hazard = hazards.find((known) => known === name.trim().toUpperCase());
    if (hazard !== undefined) return hazard;
    throw new InvalidArgumentError(`Must be one or more of ${hazards.join(', ')}.`);
  });
  return [...new Set([...previous, ...named])];
}

/** Node's fetch waits at most 300 s for the response headers. */
const maxSeconds = 300;

function parseSeconds(text: string): number {
  const seconds = /^\d+$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= maxSeconds) return seconds;
  throw new InvalidArgumentError(`Must be a whole number of seconds from 1 to ${maxSeconds}.`);
}
