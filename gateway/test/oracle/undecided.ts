/** The contract leaves open what the answer is. Such an operation is sent to neither side. */
export class Undecided extends Error {
  override readonly name = 'Undecided';
}
