// @ts-check
// node gateway/scripts/make-env.mjs [file]: writes an environment file with fresh secrets, made for
// `docker compose up` and good for any other production. It never touches a file that exists.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const file = resolve(process.argv[2] ?? '.env');
const newSecret = () => randomBytes(32).toString('base64url');

const text = `# Made by gateway/scripts/make-env.mjs. Keep it secret, and keep a copy: with other keys everybody is
# signed out, and with another pepper no password fits.
PUBLIC_URL=http://localhost:4000
ACCESS_TOKEN_KEY=${newSecret()}
REFRESH_TOKEN_KEY=${newSecret()}
PASSWORD_PEPPER=${newSecret()}
METRICS_TOKEN=${newSecret()}
POSTGRES_PASSWORD=${newSecret()}
`;

try {
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  console.log(`Wrote ${file}. Set PUBLIC_URL in it to the address that people will use.`);
} catch (error) {
  console.error(
    error instanceof Error && 'code' in error && error.code === 'EEXIST'
      ? `${file} exists, and is left as it is. Move it away to make a new one.`
      : error,
  );
  process.exitCode = 1;
}
