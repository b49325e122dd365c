import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useTestDatabase } from '../test/database.ts';
import { inheritedEnv, projectRoot, startGateway, type GatewayProcess } from '../test/process.ts';

const database = useTestDatabase();
let gateway: GatewayProcess;

beforeAll(async () => {
  gateway = await startGateway({ env: { DATABASE_URL: database.url } });
});

afterAll(() => gateway.stop());

/** @returns the script's output */
async function runSeed(): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(projectRoot, 'gateway/scripts/seed.mjs')],
    { env: { ...inheritedEnv(), PORT: String(gateway.port) }, timeout: 60_000 },
  );
  return stdout;
}

/**
 * Runs one of the printed commands in a shell. A shell function replaces `curl`, which is not installed on every
 * machine. The function prints its arguments, and this test helper sends the request.
 */
async function runPrintedCurl(output: string, which: 'management' | 'project'): Promise<unknown> {
  const lines = output.slice(output.indexOf('curl ')).split('\n\n');
  const line = lines[which === 'management' ? 0 : 1] ?? '';
  const script = `curl() { printf '%s\\n' "$@"; }\n${line}`;
  const { stdout } = await promisify(execFile)('sh', ['-c', script], { timeout: 60_000 });
  const [silent, url = '', , type = '', , authorization = '', , body = ''] = stdout.split('\n');
  expect(silent).toBe('-s');
  const headers = new Headers();
  for (const header of [type, authorization]) {
    const [name = '', value = ''] = header.split(': ');
    headers.set(name, value);
  }
  const response = await fetch(url, { method: 'POST', headers, body });
  return response.json();
}

it('prints working requests on the first run and on later runs', async () => {
  const first = await runSeed();
  const answer = {
    data: { currentApiKey: { name: 'Demo key', project: { name: 'Demo project' } } },
  };
  expect(await runPrintedCurl(first, 'management')).toMatchObject(answer);
  const issues = {
    data: {
      issues: {
        totalCount: 2,
        nodes: [{ title: 'Query the API' }, { title: 'Change the schema', board: { key: 'DEMO' } }],
      },
    },
  };
  expect(await runPrintedCurl(first, 'project')).toMatchObject(issues);

  const second = await runSeed();
  expect(await runPrintedCurl(second, 'management')).toMatchObject(answer);
  expect(await runPrintedCurl(second, 'project')).toMatchObject(issues);
  expect(await runPrintedCurl(first, 'management')).toMatchObject({
    errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
  });
  expect(await database.prisma.project.count()).toBe(1);
});
