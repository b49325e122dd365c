import { describe, expect, it } from 'vitest';

import { auditSentence, auditWords } from './audit-words.ts';

describe('auditSentence', () => {
  it('has a sentence for every action', () => {
    const target = { kind: 'thing', label: 'Acme' };
    for (const action of Object.keys(auditWords)) {
      expect(auditSentence({ action, target, details: {} })).not.toContain(action);
    }
  });

  it.each([
    ['invitation.create', { role: 'DEVELOPER' }, 'invited Acme as developer'],
    ['member.changeRole', { after: { role: 'VIEWER' } }, 'changed Acme’s role to viewer'],
    ['schema.apply', { version: 3 }, 'applied schema version 3 to Acme'],
    [
      'project.update',
      { before: { name: 'Old' }, after: { name: 'Acme' } },
      'updated Acme, previously named Old',
    ],
    ['project.update', { before: { name: 'Acme' }, after: { name: 'Acme' } }, 'updated Acme'],
    ['project.viewAs', { as: 'PUBLIC' }, 'viewed Acme as a signed-out caller'],
    ['project.viewAs', { as: 'USER', userId: 'u-1' }, 'viewed Acme as the user u-1'],
    ['robot.awake', {}, 'robot.awake Acme'],
  ])('describes %s', (action, details, words) => {
    expect(auditSentence({ action, target: { kind: 'thing', label: 'Acme' }, details })).toBe(
      words,
    );
  });
});
