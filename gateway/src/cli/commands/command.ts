import type {
  AppliedVersion,
  CurrentSchema,
  Project,
  SchemaApi,
  SchemaPlan,
} from '../gateway/schema-api.ts';
import type { Paint } from '../render/terminal.ts';

/** The dependencies of every command. */
export interface CommandContext {
  readonly api: SchemaApi;
  /** Prints human-readable text as it is, without adding a line break. Prints nothing with `--json`. */
  readonly tell: (text: string) => void;
  readonly paint: Paint;
  /** Asks a question on the terminal and returns whether the answer is yes. Null without a terminal. */
  readonly confirm: ((question: string) => Promise<boolean>) | null;
}

interface OfProject {
  readonly project: Pick<Project, 'ref' | 'name'>;
}

/** The result of a command. `--json` prints it unchanged, so its fields are a public interface. */
export type Outcome =
  | (OfProject & {
      readonly outcome: 'unchanged' | 'planned';
      readonly plan: SchemaPlan;
    })
  | (OfProject & {
      readonly outcome: 'applied';
      readonly plan: SchemaPlan;
      readonly schemaVersion: AppliedVersion;
    })
  | (OfProject & {
      readonly outcome: 'pulled';
      readonly schema: CurrentSchema;
      /** The file that was written, or null for stdout. */
      readonly file: string | null;
    });

/** A plan with changes has its own exit code so that a pipeline can stop and ask for confirmation. */
export const exitCodes = { done: 0, failed: 1, changesPlanned: 2 } as const;

export function exitCodeOf({ outcome }: Outcome): number {
  return outcome === 'planned' ? exitCodes.changesPlanned : exitCodes.done;
}
