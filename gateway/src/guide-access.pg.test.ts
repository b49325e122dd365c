import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

import { useApp } from '../test/app.ts';
import { readPage } from '../test/guide.ts';
import { useLocalIssuer } from '../test/local-issuer.ts';
import { projectRoot } from '../test/process.ts';
import { makeProject, type TestProject } from '../test/project-api.ts';
import { createKey, trustIssuers } from '../test/project-settings.ts';

// Runs the patterns of the guide: every request is sent as the caller that the text above it names.

const app = useApp({ env: { EGRESS_ALLOW_PRIVATE: 'true' } });
const issuer = useLocalIssuer();

const page = readPage('guide/let-users-in');
const [, patterns = ''] = page.split('## Eight patterns\n');
const sections = (patterns.split('\n## ')[0] ?? '').split('\n### ').slice(1);

const schemas: Readonly<Record<string, string>> = {
  'Personal to-do list': 'personal-todo',
  'Blog with drafts': 'blog-with-drafts',
  'Team workspace with roles': 'team-workspace',
  Invitations: 'invitations',
  'Chat rooms': 'chat-rooms',
  'Public form': 'public-form',
  Moderation: 'moderation',
  'Addresses that only teammates see': 'team-directory',
};

interface Step {
  readonly caller: string;
  readonly operation: string;
  /** The data, an error code, or null if the guide shows neither. */
  readonly expected: unknown;
}

const fence = (language: string) => `\`\`\`${language}\n([^]*?)\n\`\`\``;
const stepPattern = new RegExp(
  `As (a server|a visitor|[A-Z][a-z]+)[^\n]*:\n\n${fence('graphql')}(?:\n\n${fence('json')}|\n\nError: \`(\\w+)\`)?`,
  'g',
);

function stepsOf(section: string): readonly Step[] {
  return [...section.matchAll(stepPattern)].map(([, caller = '', operation = '', json, code]) => ({
    caller,
    operation,
    expected: json === undefined ? (code ?? null) : (JSON.parse(json) as unknown),
  }));
}

describe.each(sections.map((section) => [section.split('\n')[0] ?? '', section] as const))(
  'the pattern "%s"',
  (title, section) => {
    const steps = stepsOf(section);
    const text = readFileSync(
      join(projectRoot, 'examples', `${schemas[title] ?? title}.graphql`),
      'utf8',
    );
    let project: TestProject;
    let publishable = '';
    /** The ids of rows, by the aliases with which requests created or found them. */
    const ids: Record<string, string> = {};

    beforeAll(async () => {
      project = await makeProject(app, text);
      publishable = await createKey(app, project, {
        kind: 'PUBLISHABLE',
        scopes: ['data.read', 'data.write'],
      });
      if (!text.includes('@user')) return;
      const claims = text.includes('@claims') ? [{ name: 'role', path: 'role' }] : [];
      await trustIssuers(app, project, [issuer.trusted({ userField: 'id', claims })]);
    });

    const headersOf = async (caller: string): Promise<Readonly<Record<string, string>>> => {
      if (caller === 'a server') return { 'x-api-key': project.key };
      if (caller === 'a visitor') return { 'x-api-key': publishable };
      const name = caller.toLowerCase();
      const claims = {
        sub: ids[name],
        email: `${name}@example.com`,
        email_verified: true,
        role: name === 'mia' ? 'MODERATOR' : 'NONE',
      };
      const token = await issuer.token({ claims });
      return { 'x-api-key': publishable, authorization: `Bearer ${token}` };
    };

    const send = async ({ caller, operation }: Step) => {
      const declared = [...operation.matchAll(/\$(\w+): ID!/g)].map(([, name = '']) => name);
      const variables = Object.fromEntries(declared.map((name) => [name, ids[name]]));
      const response = await fetch(project.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(await headersOf(caller)) },
        body: JSON.stringify({ query: operation, variables }),
      });
      return (await response.json()) as {
        data?: Record<string, { id?: string } | null>;
        errors?: { extensions: { code: string } }[];
      };
    };

    it('shows a part of the example', () => {
      const [, shown = ''] = new RegExp(fence('graphql')).exec(section) ?? [];
      expect(shown).not.toBe('');
      expect(words(text)).toContain(words(shown));
    });

    it('has requests that work and requests that do not', () => {
      const answers = steps.filter(({ caller }) => caller !== 'a server');
      expect(answers.every(({ expected }) => expected !== null)).toBe(true);
      expect(answers.length).toBeGreaterThan(1);
    });

    it.each(steps.map((step, index) => [index + 1, step.caller, step] as const))(
      'request %i, as %s, gets what the guide shows',
      async (_index, _caller, step) => {
        const { data, errors } = await send(step);
        for (const [alias, row] of Object.entries(data ?? {})) {
          if (row?.id !== undefined) ids[alias] = row.id;
        }
        const shown = JSON.parse(JSON.stringify(data ?? null, hideIds)) as unknown;
        if (step.expected === null) expect(errors).toBeUndefined();
        else if (typeof step.expected === 'string') {
          expect(errors?.map(({ extensions }) => extensions.code)).toEqual([step.expected]);
        } else expect({ data: shown, errors }).toEqual({ data: step.expected, errors: undefined });
      },
    );
  },
);

/** The text without differences in line breaks and indentation. */
const words = (text: string) => text.replace(/\s+/g, ' ');

function hideIds(key: string, value: unknown): unknown {
  return key === 'id' ? '…' : value;
}
