import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
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
async function runScript(script: string, env: Record<string, string>): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(projectRoot, 'gateway/scripts', script)],
    { env: { ...inheritedEnv(), ...env }, timeout: 60_000 },
  );
  return stdout;
}

const runSeed = () => runScript('seed.mjs', { PORT: String(gateway.port) });

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

it('finds a gateway that listens on another port', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tessera-gateways-'));
  const file = join(folder, `${process.pid}.json`);
  const stale = join(folder, '4194304.json');
  await writeFile(file, JSON.stringify({ origin: `http://127.0.0.1:${gateway.port}` }));
  // No process has this id: it exceeds the maximum of Linux.
  await writeFile(stale, JSON.stringify({ origin: 'http://127.0.0.1:1' }));
  try {
    const output = await runScript('seed.mjs', {
      PORT: '',
      TESSERA_GATEWAY_RECORDS: folder,
    });
    expect(output).toContain(`http://127.0.0.1:${gateway.port}/graphql`);
    expect(output).not.toContain('has been stopped');
    await expect(access(stale)).rejects.toMatchObject({ code: 'ENOENT' });
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('the development server does not start on a port that is in use, and says why', async () => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  // The address of a TCP server has a port.
  const { port } = other.address() as AddressInfo;
  try {
    await expect(runScript('dev.mjs', { PORT: String(port) })).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`Port ${port} is used by another program.`) as string,
    });
  } finally {
    other.close();
  }
});
