// The baseline: node:http and pg without GraphQL, keys or limits. It parses the same request bodies as the other
// servers and forwards the JSON from the database without parsing it. Run as `bare-server.ts <database url> <project's
// PostgreSQL schema> <connections>`. Prints its port.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import pg from 'pg';

import { bareStatements } from './bare-statements.ts';
import { isRequestKind } from './shapes.ts';

const [, , connectionString, schema, connections] = process.argv;
const pool = new pg.Pool({
  connectionString,
  max: Number(connections),
  options: `-c search_path=${schema ?? ''}`,
  // The column has type json. By default, pg would parse its value.
  types: { getTypeParser: () => (text: string) => text },
});

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    answer(request.url ?? '', Buffer.concat(chunks).toString('utf8'), response).catch(
      (error: unknown) => {
        response.writeHead(500).end(String(error));
      },
    );
  });
});

async function answer(path: string, body: string, response: ServerResponse): Promise<void> {
  const kind = path.slice(1);
  if (!isRequestKind(kind)) throw new Error(`No statement for ${path}.`);
  // The load generator sends only bodies of this shape.
  const { variables } = JSON.parse(body) as { variables: Record<string, unknown> };
  const { field, text, values } = bareStatements[kind];
  const { rows } = await pool.query<{ json: string }>({
    name: kind,
    text,
    values: values(variables),
  });
  const json = Buffer.from(`{"data":{"${field}":${rows[0]?.json ?? 'null'}}}`);
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': json.length,
  });
  response.end(json);
}

server.listen(0, '127.0.0.1', () => {
  console.log(`listening on ${(server.address() as AddressInfo).port}`);
});
