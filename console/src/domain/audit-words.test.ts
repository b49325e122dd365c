import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { auditActions, auditSentence } from './audit-words.ts';

const source = new URL(
  '../../../gateway/src/control-plane/audit/audit.service.ts',
  import.meta.url,
);

describe('the words of the audit log', () => {
  it('know every action that an organization’s log can tell of', async () => {
    const [, union] =
      /export type AuditAction =([^;]+);/.exec(await readFile(source, 'utf8')) ?? [];
    const all = Array.from(union?.matchAll(/'([^']+)'/g) ?? [], ([, action]) => action ?? '');
    // Accounts and sessions belong to no organization; a deleted one shows no log.
    const shown = all.filter(
      (action) => !/^(user|session)\./.test(action) && action !== 'organization.delete',
    );
    expect(shown).not.toEqual([]);
    expect(Object.keys(auditActions).sort()).toEqual(shown.sort());
  });

  it('are a sentence that no action is left out of', () => {
    const target = { kind: 'thing', label: 'Acme' };
    for (const action of Object.keys(auditActions)) {
      expect(auditSentence({ action, target, details: {} })).not.toContain(action);
    }
  });

  it.each([
    ['invitation.create', { role: 'DEVELOPER' }, 'invited Acme as developer'],
    ['member.changeRole', { after: { role: 'VIEWER' } }, 'made Acme viewer'],
    ['schema.apply', { version: 3 }, 'applied version 3 of the schema of Acme'],
    [
      'project.update',
      { before: { name: 'Old' }, after: { name: 'Acme' } },
      'changed Acme, which was called Old',
    ],
    ['project.update', { before: { name: 'Acme' }, after: { name: 'Acme' } }, 'changed Acme'],
    ['robot.awake', {}, 'robot.awake Acme'],
  ])('say what %s did', (action, details, words) => {
    expect(auditSentence({ action, target: { kind: 'thing', label: 'Acme' }, details })).toBe(
      words,
    );
  });
});
