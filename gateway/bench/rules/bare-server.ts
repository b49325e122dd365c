// The baseline: node:http and pg, which run the statements of a file without GraphQL, tokens or limits. Run as
// `bare-server.ts <database url> <connections> <file>`. Prints its port.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import pg from 'pg';

/** A statement of the file, by the path of its requests. The statement has one row with one column of JSON. */
export interface BareStatement {
  /** The name of the root field. */
  readonly field: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

const [, , connectionString, connections, file = ''] = process.argv;
// The bench writes the file.
const statements = JSON.parse(readFileSync(file, 'utf8')) as Readonly<
  Record<string, BareStatement>
>;
const pool = new pg.Pool({
  connectionString,
  max: Number(connections),
  // By default, pg would parse the JSON.
  types: { getTypeParser: () => (text: string) => text },
});

async function answer(path: string, body: string): Promise<Buffer> {
  JSON.parse(body);
  const statement = statements[path];
  if (statement === undefined) throw new Error(`No statement for ${path}.`);
  const { field, text, values } = statement;
  const { rows } = await pool.query<{ c0: string | null }>({
    name: path,
    text,
    values: [...values],
  });
  return Buffer.from(`{"data":{"${field}":${rows[0]?.c0 ?? 'null'}}}`);
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    answer(request.url ?? '', Buffer.concat(chunks).toString('utf8')).then(
      (json) => {
        response.writeHead(200, {
          'content-type': 'application/json; charset=utf-8',
          'content-length': json.length,
        });
        response.end(json);
      },
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
});
server.listen(0, '127.0.0.1', () => {
  // A server that listens on a port has an address with that port.
  console.log(`listening on ${(server.address() as AddressInfo).port}`);
});
