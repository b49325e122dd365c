import type { AuditAction } from './generated/audit-actions.ts';

/** What a sentence is made of. */
interface Told {
  /** The label of the target, or its kind. */
  readonly what: string;
  /** The role that the details name, in lower case. */
  readonly role: string | undefined;
  readonly details: unknown;
}

interface Words {
  /** The name of the action, for lists. */
  readonly label: string;
  /** What was done, to follow the name of the actor. */
  readonly sentence: (told: Told) => string;
}

/** The words for the actions in an organization's audit log, in the order of lists. */
export const auditWords: Readonly<Record<AuditAction, Words>> = {
  'organization.create': {
    label: 'Organization made',
    sentence: ({ what }) => `made the organization ${what}`,
  },
  'organization.update': {
    label: 'Organization changed',
    sentence: ({ what, details }) => `changed ${what}${renaming(details)}`,
  },
  'invitation.create': {
    label: 'Invitation sent',
    sentence: ({ what, role }) => `invited ${what}${role === undefined ? '' : ` as ${role}`}`,
  },
  'invitation.revoke': {
    label: 'Invitation revoked',
    sentence: ({ what }) => `revoked the invitation of ${what}`,
  },
  'invitation.accept': {
    label: 'Invitation accepted',
    sentence: ({ role }) => `joined${role === undefined ? '' : ` as ${role}`}`,
  },
  'member.changeRole': {
    label: 'Role changed',
    sentence: ({ what, details }) =>
      `made ${what} ${textAt(details, 'after', 'role')?.toLowerCase() ?? 'something else'}`,
  },
  'member.remove': { label: 'Member removed', sentence: ({ what }) => `removed ${what}` },
  'member.leave': { label: 'Member left', sentence: () => 'left' },
  'project.create': { label: 'Project made', sentence: ({ what }) => `made the project ${what}` },
  'project.update': {
    label: 'Project changed',
    sentence: ({ what, details }) => `changed ${what}${renaming(details)}`,
  },
  'project.delete': {
    label: 'Project deleted',
    sentence: ({ what }) => `deleted the project ${what}`,
  },
  'apiKey.create': { label: 'Key made', sentence: ({ what }) => `made the key ${what}` },
  'apiKey.update': { label: 'Key changed', sentence: ({ what }) => `changed the key ${what}` },
  'apiKey.rotate': { label: 'Key rotated', sentence: ({ what }) => `rotated the key ${what}` },
  'apiKey.revoke': { label: 'Key revoked', sentence: ({ what }) => `revoked the key ${what}` },
  'schema.apply': {
    label: 'Schema applied',
    sentence: ({ what, details }) =>
      `applied version ${textAt(details, 'version') ?? '?'} of the schema of ${what}`,
  },
};

function isAuditAction(action: string): action is AuditAction {
  return Object.hasOwn(auditWords, action);
}

interface Entry {
  readonly action: string;
  readonly target: { readonly kind: string; readonly label: string | null };
  readonly details: unknown;
}

/**
 * What was done, to follow the name of the actor.
 *
 * @example auditSentence(entry) // 'invited ada@example.org as developer'
 */
export function auditSentence({ action, target, details }: Entry): string {
  const what = target.label ?? target.kind;
  // A gateway that is newer than this page may have more actions.
  if (!isAuditAction(action)) return `${action} ${what}`;
  const role = textAt(details, 'role')?.toLowerCase();
  return auditWords[action].sentence({ what, role, details });
}

function renaming(details: unknown): string {
  const [before, after] = [textAt(details, 'before', 'name'), textAt(details, 'after', 'name')];
  return before === undefined || before === after ? '' : `, which was called ${before}`;
}

/** The text or number at the end of a path in JSON. */
function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined,
    value,
  );
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
}
