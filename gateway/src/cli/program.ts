import { Command, InvalidArgumentError, Option } from 'commander';
import { hazards, type Hazard } from './gateway/schema-api.ts';

/** Options that each of the commands takes, as commander hands them over. */
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
}

/** What the commands do; the program only reads what was typed. */
export interface Commands {
  plan(options: PlanOptions): Promise<void>;
  apply(options: ApplyOptions): Promise<void>;
  pull(options: CommonOptions): Promise<void>;
}

export interface Output {
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
}

const exitCodesHelp = `
Exit codes: 0 nothing to change, or done; 2 changes are planned (plan only); 1 an error.`;

/** The command line's grammar. It never exits by itself: misuse is a CommanderError. */
export function createProgram(commands: Commands, output: Output): Command {
  const program = new Command('tessera')
    .description("A project's schema, from the command line and over HTTP.")
    .exitOverride()
    .configureOutput(output);
  const schema = program.command('schema').description('Plan, apply and fetch a schema.');

  withPlanOptions(schema.command('plan'), 'SDL to read, - for stdin')
    .description('Show what an apply would do.')
    .action((options: PlanOptions) => commands.plan(options));
  withPlanOptions(schema.command('apply'), 'SDL to read, - for stdin')
    .description('Show the plan and carry it out, all or nothing.')
    .option(
      '--accept <hazards>',
      `hazards to accept, from ${hazards.join(', ')}; repeat it or separate by commas`,
      parseHazards,
    )
    .action((options: ApplyOptions) => commands.apply(options));
  withCommonOptions(schema.command('pull'), 'where to write the SDL, - for stdout')
    .description('Fetch the schema as it was last applied.')
    .action((options: CommonOptions) => commands.pull(options));
  return program;
}

function withPlanOptions(command: Command, file: string): Command {
  return withCommonOptions(command, file).option('--sql', 'show the SQL of each step');
}

function withCommonOptions(command: Command, file: string): Command {
  return command
    .option('--url <origin>', "the gateway's address (or TESSERA_URL)")
    .option('--key <key>', "a secret key of the project (better: TESSERA_KEY, which 'ps' hides)")
    .option('--file <path>', file, 'schema.graphql')
    .addOption(
      new Option('--timeout <seconds>', 'how long one answer may take')
        .default(60)
        .argParser(parseSeconds),
    )
    .option('--json', 'print one JSON document for programs')
    .addHelpText('after', exitCodesHelp);
}

/** `DATA_LOSS,LOCK` and repeated flags alike add up. */
function parseHazards(text: string, previous: readonly Hazard[] = []): readonly Hazard[] {
  const named = text.split(',').map((name) => {
    const hazard = hazards.find((known) => known === name.trim().toUpperCase());
    if (hazard !== undefined) return hazard;
    throw new InvalidArgumentError(`Hazards are ${hazards.join(', ')}.`);
  });
  return [...new Set([...previous, ...named])];
}

/** Node's own fetch waits for the head of an answer for 300 s at most. */
const maxSeconds = 300;

function parseSeconds(text: string): number {
  const seconds = /^\d+$/.test(text) ? Number(text) : 0;
  if (seconds >= 1 && seconds <= maxSeconds) return seconds;
  throw new InvalidArgumentError(`Give whole seconds, from 1 to ${maxSeconds}.`);
}
