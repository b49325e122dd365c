import { describe, expect, it } from 'vitest';

import { auditSentence, auditWords } from './audit-words.ts';

describe('the words of the audit log', () => {
  it('are a sentence that no action is left out of', () => {
    const target = { kind: 'thing', label: 'Acme' };
    for (const action of Object.keys(auditWords)) {
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
