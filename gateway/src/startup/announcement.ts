/** Where things are once the gateway answers. */
export interface Announcement {
  readonly publicUrl: URL;
  /** Where the embedded PostgreSQL keeps its data; null when the database is elsewhere. */
  readonly databasePath: string | null;
  /** Where mail becomes files; null when it is sent. */
  readonly mailDirectory: string | null;
}

/** What somebody at a terminal wants to know after `npm start`. */
export function announcementText(announcement: Announcement): string {
  const { publicUrl, databasePath, mailDirectory } = announcement;
  const lines = [
    ['Console', publicUrl.href],
    ['GraphiQL', new URL('/graphql', publicUrl).href],
    ['Mail', mailDirectory ?? 'sent by SMTP'],
    ['Data', databasePath ?? 'in the database of DATABASE_URL'],
  ];
  const listed = lines.map(([name = '', value = '']) => `  ${name.padEnd(9)} ${value}`);
  return `\nTessera is ready.\n\n${listed.join('\n')}\n\n`;
}
