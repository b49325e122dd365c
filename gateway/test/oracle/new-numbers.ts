import { isOwningSide } from '../../src/engine/api/model-index.ts';
import type { JsonValue, ModelType } from '../../src/engine/sdl/model.ts';
import { asInput, asInputs, asJson, type Input } from './input.ts';
import { sequenceOf } from './sequences.ts';
import type { Store } from './store.ts';
import { Undecided } from './undecided.ts';
import { asText } from './values.ts';

interface NewRowInput {
  readonly type: ModelType;
  readonly input: Input;
}

/** Thrown if a sequence has no more numbers. */
export class NoMoreNumbers extends Error {
  override readonly name = 'NoMoreNumbers';
}

/**
 * The numbers of new rows that are created without their key. All rows of an input get their numbers at the same time,
 * in the order in which a reader meets them: a row before the rows nested in it. They are larger than all numbers that
 * the input contains.
 */
export class NewNumbers {
  readonly #store: Store;
  readonly #numbers = new Map<Input, JsonValue[]>();
  readonly #drawn = new Set<string>();

  constructor(store: Store) {
    this.#store = store;
  }

  get anyDrawn(): boolean {
    return this.#drawn.size > 0;
  }

  /** The new rows of an input, in the order of its fields. */
  rowsOf(type: ModelType, input: Input): readonly NewRowInput[] {
    return [{ type, input }, ...this.before(type, input), ...this.after(type, input, 1)];
  }

  /** The new rows that a row refers to. */
  before(type: ModelType, input: Input): readonly NewRowInput[] {
    return type.fields.flatMap((field) => {
      if (field.kind === 'VALUE' || !isOwningSide(field)) return [];
      return this.#created(field.target, input[field.name], false);
    });
  }

  /** The new rows that are related to a row in other ways, for several rows. */
  after(type: ModelType, input: Input, owners: number): readonly NewRowInput[] {
    const created = (repeated: boolean) =>
      type.fields.flatMap((field) => {
        if (field.kind === 'VALUE' || isOwningSide(field)) return [];
        const isJoined = this.#store.index.relation(field.relation).kind === 'JOIN_TABLE';
        if (repeated && isJoined) return [];
        return this.#created(field.target, input[field.name], field.kind === 'TO_MANY');
      });
    const others = Array.from({ length: owners - 1 }, () => created(true));
    return [created(false), ...others].flat();
  }

  /** @throws NoMoreNumbers, or Undecided if rows of the same type get numbers at two times */
  reserve(rows: readonly NewRowInput[]): void {
    const { sequences } = this.#store;
    const ofSequences = rows.flatMap(({ type, input }) => {
      const field = sequenceOf(type);
      return field === null ? [] : [{ type, input, brought: input[field.name] ?? null }];
    });
    for (const { type, brought } of ofSequences) {
      if (brought === null) continue;
      if (this.#drawn.has(type.name)) throw new Undecided();
      sequences.pass(type, BigInt(asText(asJson(brought))));
    }
    const drawn = ofSequences.filter(({ brought }) => brought === null);
    if (drawn.some(({ type }) => this.#drawn.has(type.name))) throw new Undecided();
    for (const { type, input } of drawn) {
      const number = sequences.draw(type);
      if (number === null) throw new NoMoreNumbers();
      this.#drawn.add(type.name);
      this.#numbers.set(input, [...(this.#numbers.get(input) ?? []), number]);
    }
  }

  /** The next number of an input that does not contain its key. */
  take(input: Input): JsonValue {
    const number = this.#numbers.get(input)?.shift();
    if (number === undefined) throw new Error('No number was reserved for a new row.');
    return number;
  }

  #created(target: string, nested: unknown, isList: boolean): readonly NewRowInput[] {
    const create = nested == null ? null : (asInput(nested)['create'] ?? null);
    if (create === null) return [];
    const type = this.#store.index.type(target);
    const inputs = isList ? asInputs(create) : [asInput(create)];
    return inputs.flatMap((input) => this.rowsOf(type, input));
  }
}
