import fc from 'fast-check';

/**
 * Makes choices by reading a list of numbers. When the list is used up, it always makes the first and simplest choice.
 * Generated values therefore become smaller when fast-check shortens the list or lowers its numbers.
 */
export class Tape {
  readonly #numbers: readonly number[];
  #at = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  /** Returns a number from 0 to `count - 1`. */
  below(count: number): number {
    const number = this.#numbers[this.#at] ?? 0;
    this.#at += 1;
    return count <= 1 ? 0 : number % count;
  }

  /** Returns true with a probability of 1 in `count`. */
  oneIn(count: number): boolean {
    return this.below(count) === count - 1;
  }

  /**
   * Returns one of the choices.
   * @throws Error if `choices` is empty
   */
  pick<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error('There are no choices.');
    return choice;
  }

  /** Returns a random subset that includes each choice with a probability of `outOfTen` in ten. */
  subset<T>(choices: readonly T[], outOfTen: number): T[] {
    return choices.filter(() => this.below(10) >= 10 - outOfTen);
  }

  list<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }
}

/**
 * Returns an arbitrary that generates tapes.
 * @param length approximate number of choices; tapes have up to three times as many numbers
 */
export function tapes(length: number): fc.Arbitrary<Tape> {
  const numbers = fc.array(fc.nat(2 ** 20), { maxLength: 3 * length, size: 'max' });
  // With bias, most lists would be short and most numbers small, so that generated values would be similar.
  return fc.noBias(numbers).map((each) => new Tape(each));
}

/** Returns an arbitrary that generates tapes with exactly this many numbers, so that all choices are random. */
export function fullTapes(length: number): fc.Arbitrary<Tape> {
  const numbers = fc.array(fc.nat(2 ** 20), { minLength: length, maxLength: length });
  return fc.noBias(numbers).map((each) => new Tape(each));
}
