/** One connection, as `pg` has it; a transaction of another library can be made to look like it. */
export interface SqlClient {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}
