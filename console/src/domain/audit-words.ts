import type { AuditAction } from './generated/audit-actions.ts';

/** The values that a sentence can contain. */
interface Told {
  /** The target's label, or its kind if it has no label. */
  readonly what: string;
  /** The role from the entry's details, in lowercase. */
  readonly role: string | undefined;
  readonly details: unknown;
}

interface Words {
  /** The action's name in lists. */
  readonly label: string;
  /** A predicate that follows the actor's name: "created the key Backend". */
  readonly sentence: (told: Told) => string;
}

/** The labels and sentences for the actions in the audit log, in display order. */
export const auditWords: Readonly<Record<AuditAction, Words>> = {
  'organization.create': {
    label: 'Organization created',
    sentence: ({ what }) => `created the organization ${what}`,
  },
  'organization.update': {
    label: 'Organization updated',
    sentence: ({ what, details }) => `updated ${what}${renaming(details)}`,
  },
  'invitation.create': {
    label: 'Invitation sent',
    sentence: ({ what, role }) => `invited ${what}${role === undefined ? '' : ` as ${role}`}`,
  },
  'invitation.revoke': {
    label: 'Invitation revoked',
    sentence: ({ what }) => `revoked the invitation for ${what}`,
  },
  'invitation.accept': {
    label: 'Invitation accepted',
    sentence: ({ role }) => `joined${role === undefined ? '' : ` as ${role}`}`,
  },
  'invitation.createLink': {
    label: 'Invitation link created',
    sentence: ({ what }) => `created a link for the invitation of ${what}`,
  },
  'invitation.decline': {
    label: 'Invitation declined',
    sentence: () => 'declined the invitation',
  },
  'member.changeRole': {
    label: 'Role changed',
    sentence: ({ what, details }) =>
      `changed ${what}’s role to ${textAt(details, 'after', 'role')?.toLowerCase() ?? 'unknown'}`,
  },
  'member.remove': {
    label: 'Member removed',
    sentence: ({ what }) => `removed the member ${what}`,
  },
  'member.leave': { label: 'Member left', sentence: () => 'left the organization' },
  'project.create': {
    label: 'Project created',
    sentence: ({ what }) => `created the project ${what}`,
  },
  'project.update': {
    label: 'Project updated',
    sentence: ({ what, details }) => `updated ${what}${renaming(details)}`,
  },
  'project.updateSettings': {
    label: 'Project settings changed',
    sentence: ({ what }) => `changed the settings of ${what}`,
  },
  'project.setTrustedIssuers': {
    label: 'Trusted issuers changed',
    sentence: ({ what }) => `changed the trusted issuers of ${what}`,
  },
  'project.viewAs': {
    label: 'Project viewed as another caller',
    sentence: ({ what, details }) => {
      const userId = textAt(details, 'userId');
      return `viewed ${what} as ${userId === undefined ? 'a signed-out caller' : `the user ${userId}`}`;
    },
  },
  'project.explainAccess': {
    label: 'Access explained',
    sentence: ({ what }) => `ran an operation on ${what} as a user of its apps, to explain it`,
  },
  'project.delete': {
    label: 'Project deleted',
    sentence: ({ what }) => `deleted the project ${what}`,
  },
  'apiKey.create': { label: 'Key created', sentence: ({ what }) => `created the key ${what}` },
  'apiKey.update': { label: 'Key updated', sentence: ({ what }) => `updated the key ${what}` },
  'apiKey.rotate': { label: 'Key rotated', sentence: ({ what }) => `rotated the key ${what}` },
  'apiKey.revoke': { label: 'Key revoked', sentence: ({ what }) => `revoked the key ${what}` },
  'schema.apply': {
    label: 'Schema applied',
    sentence: ({ what, details }) =>
      `applied schema version ${textAt(details, 'version') ?? '?'} to ${what}`,
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
 * Describes an entry as a predicate that follows the actor's name.
 *
 * @example auditSentence(entry) // 'invited ada@example.org as developer'
 */
export function auditSentence({ action, target, details }: Entry): string {
  const what = target.label ?? target.kind;
  // A newer gateway can return actions that this page does not recognize.
  if (!isAuditAction(action)) return `${action} ${what}`;
  const role = textAt(details, 'role')?.toLowerCase();
  return auditWords[action].sentence({ what, role, details });
}

function renaming(details: unknown): string {
  const [before, after] = [textAt(details, 'before', 'name'), textAt(details, 'after', 'name')];
  return before === undefined || before === after ? '' : `, previously named ${before}`;
}

/** Returns the string or number at a path in a JSON value. */
function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined,
    value,
  );
  return typeof found === 'string' || typeof found === 'number' ? String(found) : undefined;
}
