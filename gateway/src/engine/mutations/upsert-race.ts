/** Another request made the row between an upsert's look and its insert: trying it all again finds the row. */
export class UpsertRace extends Error {
  override readonly name = 'UpsertRace';
  /** The unique violation, which stands where trying again changes nothing. */
  override readonly cause: unknown;

  constructor(cause: unknown) {
    super('An upsert met another one.');
    this.cause = cause;
  }
}
