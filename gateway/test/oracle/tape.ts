import fc from 'fast-check';

/**
 * Choices read from a list of numbers, one after the other; past its end everything is the first, simplest
 * choice. So whatever is made from choices grows smaller as fast-check shortens and lowers the numbers.
 */
export class Tape {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** From 0 to `count - 1`. */
  below(count: number): number {
    const number = this.#numbers[this.#at] ?? 0;
    this.#at += 1;
    return count <= 1 ? 0 : number % count;
  }

  /** True once in `count` times. */
  oneIn(count: number): boolean {
    return this.below(count) === count - 1;
  }

  /** @throws Error when there is nothing to choose from */
  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error('There is nothing to choose from.');
    return choice;
  }

  /** Of each the chance is the same: `count` times out of ten. */
  subset<T>(choices: readonly T[], outOfTen: number): T[] {
    return choices.filter(() => this.below(10) >= 10 - outOfTen);
  }

  list<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }
}

/** @param length about how many choices are made; what lies beyond is for more */
export function tapes(length: number): fc.Arbitrary<Tape> {
  const numbers = fc.array(fc.nat(2 ** 20), { maxLength: 3 * length, size: 'max' });
  // Without it, most lists are short and most numbers small, which makes everything alike.
  return fc.noBias(numbers).map((each) => new Tape(each));
}
