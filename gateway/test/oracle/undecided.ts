/** Thrown if the documentation does not determine the result. The operation is then skipped on both sides. */
export class Undecided extends Error {
  override readonly name = 'Undecided';
}
