import pg from 'pg';

/**
 * Answers are written by the server, so these decide what they look like. Set here, since what the connection
 * string says would override what `pg.Client` is told.
 */
export function sessionSettings(statementTimeoutMs: number): string {
  const settings = {
    // Compiling takes longer than most of these statements; see also the embedded cluster's settings.
    jit: 'off',
    TimeZone: 'UTC',
    DateStyle: 'ISO',
    IntervalStyle: 'postgres',
    extra_float_digits: '1',
    statement_timeout: String(statementTimeoutMs),
    idle_in_transaction_session_timeout: String(statementTimeoutMs),
  };
  return Object.entries(settings)
    .map(([name, value]) => `SET ${name} = ${pg.escapeLiteral(value)}`)
    .join('; ');
}
