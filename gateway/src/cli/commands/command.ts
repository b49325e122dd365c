import type {
  AppliedVersion,
  CurrentSchema,
  Project,
  SchemaApi,
  SchemaPlan,
} from '../gateway/schema-api.ts';
import type { Paint } from '../render/terminal.ts';

/** What every command works with. */
export interface CommandContext {
  readonly api: SchemaApi;
  /** Text for a person, with its line's end, while the command runs; goes nowhere with `--json`. */
  readonly tell: (text: string) => void;
  readonly paint: Paint;
}

interface OfProject {
  readonly project: Pick<Project, 'ref' | 'name'>;
}

/** What a command came to. `--json` prints it as it is, so its fields are an interface to programs. */
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
      /** Where it was written to; null for stdout. */
      readonly file: string | null;
    });

/** Did it work? A plan with changes is neither: a pipeline may want to stop and ask. */
export const exitCodes = { done: 0, failed: 1, changesPlanned: 2 } as const;

export function exitCodeOf({ outcome }: Outcome): number {
  return outcome === 'planned' ? exitCodes.changesPlanned : exitCodes.done;
}
