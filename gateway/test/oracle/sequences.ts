import { columnsOfType } from '../../src/engine/api/model-index.ts';
import type { JsonValue, ModelType, ValueField } from '../../src/engine/sdl/model.ts';

/** The largest number that the sequence of a type of column contains. */
const largest: Readonly<Record<string, bigint>> = {
  Int: 2n ** 31n - 1n,
  BigInt: 2n ** 63n - 1n,
};

/** The sequences of a project: for each type, the last number that was drawn or passed. Zero before the first draw. */
export class Sequences {
  readonly #last: Map<string, bigint>;

  constructor(last: ReadonlyMap<string, bigint> = new Map()) {
    this.#last = new Map(last);
  }

  clone(): Sequences {
    return new Sequences(this.#last);
  }

  last({ name }: ModelType): bigint {
    return this.#last.get(name) ?? 0n;
  }

  /** Moves the sequence to a number, unless it has passed it. */
  pass(type: ModelType, number: bigint): void {
    if (number > this.last(type)) this.#last.set(type.name, number);
  }

  /** Draws the next number. Null if there are no more. */
  draw(type: ModelType): JsonValue {
    const field = sequenceOf(type);
    const next = this.last(type) + 1n;
    if (field === null || next > (largest[field.type.name] ?? 0n)) return null;
    this.#last.set(type.name, next);
    return field.type.name === 'Int' ? Number(next) : String(next);
  }
}

/** The field whose values come from a sequence. */
export function sequenceOf(type: ModelType): ValueField | null {
  const fields = columnsOfType(type).map(({ field }) => field);
  const found = fields.find((field) => field.kind === 'VALUE' && field.generate === 'SEQUENCE');
  return found?.kind === 'VALUE' ? found : null;
}
