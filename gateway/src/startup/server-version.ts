/** The oldest supported major version. */
const oldestMajor = 15;

/**
 * The first minor versions without CVE-2024-10978, in which `SET ROLE` could apply to the wrong user. The releases of
 * 14 November 2024 (15.9, 16.5, 17.1) fixed the vulnerability, but broke `ALTER ROLE … SET role` and extensions; the
 * releases of 21 November 2024 repaired this. PostgreSQL 18 was released later.
 */
const repairedMinors: Readonly<Record<number, number>> = { 15: 10, 16: 6, 17: 2 };

/**
 * Checks a server's version.
 * @param number `server_version_num`: 170002 for 17.2
 * @returns why Tessera cannot use this server and how to proceed, or null if it can
 */
export function explainServerVersion(number: number): string | null {
  const major = Math.floor(number / 10_000);
  const minor = number % 10_000;
  if (major < oldestMajor) {
    return `The server has version ${major}. Tessera requires PostgreSQL ${oldestMajor} or newer.`;
  }
  const repaired = repairedMinors[major];
  if (repaired === undefined || minor >= repaired) return null;
  return (
    `The server has version ${major}.${minor}, in which SET ROLE, which isolates projects, is not reliable ` +
    `(CVE-2024-10978 and its first fix). Upgrade it to ${major}.${repaired} or newer.`
  );
}
