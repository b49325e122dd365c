// The baseline: a `node:http` handler that looks up the key with `pg` and returns it, without limits, caching or
// GraphQL. Run as `bare-server.ts <database url>`. Prints its port.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import pg from 'pg';

const [, , connectionString] = process.argv;
const pool = new pg.Pool({ connectionString, max: 10 });

const lookUp = {
  name: 'current-api-key',
  text: `SELECT k.id, k.scopes, json_build_object('ref', p.ref, 'name', p.name) AS project
    FROM tessera.api_keys k JOIN tessera.projects p ON p.id = k.project_id
    WHERE k.key_hash = $1 AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())`,
};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString('utf8'));
    const key = (request.headers.authorization ?? '').slice('Bearer '.length);
    const hash = createHash('sha256').update(key).digest();
    pool.query({ ...lookUp, values: [hash] }).then(
      ({ rows }) => {
        const body = JSON.stringify({ data: { currentApiKey: rows[0] as unknown } });
        response.writeHead(200, {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        });
        response.end(body);
      },
      () => response.writeHead(500).end(),
    );
  });
});
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on ${(server.address() as AddressInfo).port}`);
});
