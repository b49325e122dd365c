// @ts-check
// An issuer of tokens for trying out the example: it signs a token for everyone who asks, without a password. An app
// that is used by others needs a real identity provider instead.
//
//   npm run issuer -- [--port 4400] [--seconds 300]
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4400' },
    /** How long a token is valid. */
    seconds: { type: 'string', default: '300' },
  },
});

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = publicKey.export({ format: 'jwk' });
const kid = createHash('sha256').update(JSON.stringify(jwk)).digest('base64url');
const keys = { keys: [{ ...jwk, kid, alg: 'ES256', use: 'sig' }] };
let origin = '';

/** @param {object} value */
const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** @param {string} user */
function tokenFor(user) {
  const now = Math.floor(Date.now() / 1_000);
  const claims = {
    iss: origin,
    aud: 'board',
    sub: user,
    iat: now,
    exp: now + Number(values.seconds),
  };
  const content = `${encoded({ alg: 'ES256', typ: 'JWT', kid })}.${encoded(claims)}`;
  const key = /** @type {const} */ ({ key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${content}.${sign('sha256', Buffer.from(content), key).toString('base64url')}`;
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', origin);
  const user = searchParams.get('user') ?? '';
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('content-type', 'application/json');
  if (pathname === '/keys') response.end(JSON.stringify(keys));
  else if (pathname === '/.well-known/openid-configuration') {
    response.end(JSON.stringify({ issuer: origin, jwks_uri: `${origin}/keys` }));
  } else if (pathname === '/token' && user !== '') {
    response.end(JSON.stringify({ token: tokenFor(user) }));
  } else response.writeHead(404).end('{}');
});

server.listen(Number(values.port), '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The issuer has no port.');
  origin = `http://127.0.0.1:${address.port}`;
  console.log(`Issuer: ${origin}`);
});
