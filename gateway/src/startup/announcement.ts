/** The addresses and folders that are printed after the start. */
export interface Announcement {
  readonly publicUrl: URL;
  /** The embedded PostgreSQL's data folder, or null if DATABASE_URL is set. */
  readonly databasePath: string | null;
  /** The folder that mail is written to, or null if mail is sent by SMTP. */
  readonly mailDirectory: string | null;
}

/** Returns the message that `npm start` prints on a terminal. */
export function announcementText(announcement: Announcement): string {
  const { publicUrl, databasePath, mailDirectory } = announcement;
  const lines = [
    ['Console', publicUrl.href],
    ['GraphiQL', new URL('/graphql', publicUrl).href],
    ['Mail', mailDirectory ?? 'sent through SMTP'],
    ['Data', databasePath ?? 'database at DATABASE_URL'],
  ];
  const listed = lines.map(([name = '', value = '']) => `  ${name.padEnd(9)} ${value}`);
  return `\nTessera is ready.\n\n${listed.join('\n')}\n\n`;
}
