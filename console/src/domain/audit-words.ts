/** The names of the actions in an organization's audit log, for lists. */
export const auditActions = {
  'organization.create': 'Organization made',
  'organization.update': 'Organization changed',
  'invitation.create': 'Invitation sent',
  'invitation.revoke': 'Invitation revoked',
  'invitation.accept': 'Invitation accepted',
  'member.changeRole': 'Role changed',
  'member.remove': 'Member removed',
  'member.leave': 'Member left',
  'project.create': 'Project made',
  'project.update': 'Project changed',
  'project.delete': 'Project deleted',
  'apiKey.create': 'Key made',
  'apiKey.update': 'Key changed',
  'apiKey.rotate': 'Key rotated',
  'apiKey.revoke': 'Key revoked',
  'schema.apply': 'Schema applied',
} as const;

export type KnownAuditAction = keyof typeof auditActions;

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
  const role = textAt(details, 'role')?.toLowerCase();
  switch (action as KnownAuditAction) {
    case 'organization.create':
      return `made the organization ${what}`;
    case 'organization.update':
    case 'project.update':
      return `changed ${what}${renaming(details)}`;
    case 'invitation.create':
      return `invited ${what}${role === undefined ? '' : ` as ${role}`}`;
    case 'invitation.revoke':
      return `revoked the invitation of ${what}`;
    case 'invitation.accept':
      return `joined${role === undefined ? '' : ` as ${role}`}`;
    case 'member.changeRole':
      return `made ${what} ${textAt(details, 'after', 'role')?.toLowerCase() ?? 'something else'}`;
    case 'member.remove':
      return `removed ${what}`;
    case 'member.leave':
      return 'left';
    case 'project.create':
      return `made the project ${what}`;
    case 'project.delete':
      return `deleted the project ${what}`;
    case 'apiKey.create':
      return `made the key ${what}`;
    case 'apiKey.update':
      return `changed the key ${what}`;
    case 'apiKey.rotate':
      return `rotated the key ${what}`;
    case 'apiKey.revoke':
      return `revoked the key ${what}`;
    case 'schema.apply':
      return `applied version ${textAt(details, 'version') ?? '?'} of the schema of ${what}`;
    default:
      // The gateway is newer than this page.
      return `${action} ${what}`;
  }
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
