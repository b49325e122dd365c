import type { SchemaApi } from '../gateway/schema-api.ts';
import type { Paint } from '../render/paint.ts';

/** What every command works with. */
export interface CommandContext {
  readonly api: SchemaApi;
  /** Text for a person, with its line's end, while the command runs; goes nowhere with `--json`. */
  readonly tell: (text: string) => void;
  readonly paint: Paint;
}
