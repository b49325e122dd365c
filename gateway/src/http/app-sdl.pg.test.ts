import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { buildSchema } from 'graphql';
import { expect, it } from 'vitest';

import { useApp } from '../../test/app.ts';
import { membersOf } from '../../test/engine/api-members.ts';
import { useWorkspace } from '../../test/explain-kit.ts';
import { projectRoot } from '../../test/process.ts';
import { createKey } from '../../test/project-settings.ts';

const app = useApp();
const workspace = useWorkspace(app);

const print = async (key: string, query = ''): Promise<string> => {
  const { endpoint } = workspace.project();
  const response = await fetch(`${endpoint.replace(/graphql$/, 'schema.graphql')}${query}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(response.status).toBe(200);
  return response.text();
};

it('describes the API of all callers with rules, of which the API of a signed-out caller is a part', async () => {
  const file = join(projectRoot, 'gateway/src/engine/api/app-apis/app.graphql');
  const printed = await print(workspace.project().key, '?caller=app');
  expect(printed).toBe(await readFile(file, 'utf8'));

  const scopes = ['data.read', 'data.write', 'schema.read'];
  const publishable = await createKey(app, workspace.project(), { kind: 'PUBLISHABLE', scopes });
  expect(await print(publishable, '?caller=app')).toBe(printed);
  const whole = membersOf(buildSchema(printed));
  const own = membersOf(buildSchema(await print(publishable)));
  expect([...own]).toEqual([...own].map(([name]) => [name, whole.get(name)]));
  expect(own.has('Query.posts')).toBe(true);
  expect(own.has('Query.me')).toBe(false);
  expect(whole.get('Query.me')).toBe('User');
});
