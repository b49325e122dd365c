/** The documentation does not determine the answer. The operation is skipped on both sides. */
export class Undecided extends Error {
  override readonly name = 'Undecided';
}
