import type { SeededTenant } from './tenant.ts';

const plantedSdl = 'type Planted @model { id: ID! @id }';

/** The variables for each query field when a test tries to access a tenant's data. */
export const queryVariables: Readonly<
  Record<string, (tenant: SeededTenant) => Record<string, unknown>>
> = {
  viewer: () => ({}),
  accountPolicy: () => ({}),
  currentApiKey: () => ({}),
  organization: ({ slug }) => ({ slug }),
  project: ({ project }) => ({ ref: project.ref }),
  invitation: ({ invitation }) => ({ token: invitation.token }),
  projectAccess: ({ project }) => ({ projectRef: project.ref, sdl: plantedSdl }),
};

type MutationInput = (tenant: SeededTenant) => Record<string, unknown> | null;
const password = 'a long enough password';

/** The `input` for each mutation when a test tries to change a tenant's data. Null if the mutation has no input. */
export const mutationInputs: Readonly<Record<string, MutationInput>> = {
  register: ({ users }) => ({ name: 'Somebody', email: users.OWNER.email, password }),
  login: ({ users }) => ({ email: users.OWNER.email, password }),
  refreshSession: () => ({ refreshToken: 'not-a-token', tokenDelivery: 'BODY' }),
  logout: () => null,
  revokeSession: ({ users }) => ({ id: users.OWNER.sessionId }),
  revokeOtherSessions: () => null,
  updateProfile: () => ({ name: 'Renamed' }),
  changePassword: () => ({ currentPassword: password, newPassword: `${password} too` }),
  requestPasswordReset: ({ users }) => ({ email: users.OWNER.email }),
  resetPassword: () => ({ token: 'not-a-token', newPassword: password }),
  verifyEmail: () => ({ token: 'not-a-token' }),
  resendEmailVerification: () => null,

  createOrganization: () => ({ name: 'An organization of the caller' }),
  updateOrganization: ({ organizationId }) => ({ id: organizationId, name: 'Taken over' }),
  deleteOrganization: ({ organizationId, name }) => ({ id: organizationId, name }),

  inviteMember: ({ organizationId }) => ({
    organizationId,
    email: 'newcomer@example.org',
    role: 'VIEWER',
  }),
  revokeInvitation: ({ invitation }) => ({ id: invitation.id }),
  createInvitationLink: ({ invitation }) => ({ id: invitation.id }),
  acceptReceivedInvitation: ({ invitation }) => ({ id: invitation.id }),
  declineInvitation: ({ invitation }) => ({ id: invitation.id }),
  acceptInvitation: ({ invitation }) => ({ token: invitation.token }),
  changeMemberRole: ({ users }) => ({ id: users.VIEWER.membershipId, role: 'DEVELOPER' }),
  removeMember: ({ users }) => ({ id: users.DEVELOPER.membershipId }),
  leaveOrganization: ({ organizationId }) => ({ id: organizationId }),

  createProject: ({ organizationId }) => ({ organizationId, name: 'Planted' }),
  updateProject: ({ project }) => ({ projectRef: project.ref, name: 'Taken over' }),
  deleteProject: ({ project }) => ({ projectRef: project.ref, name: project.name }),

  updateProjectSettings: ({ project }) => ({
    projectRef: project.ref,
    allowedOrigins: ['https://planted.example'],
  }),
  explainAccess: ({ project }) => ({
    projectRef: project.ref,
    as: { audience: 'PUBLIC' },
    query: '{ __typename }',
  }),
  setTrustedIssuers: ({ project }) => ({ projectRef: project.ref, issuers: [] }),

  createApiKey: ({ project }) => ({
    projectRef: project.ref,
    name: 'Planted',
    kind: 'SECRET',
    scopes: ['data.read'],
  }),
  planSchema: ({ project }) => ({ projectRef: project.ref, sdl: plantedSdl }),
  applySchema: ({ project }) => ({
    projectRef: project.ref,
    sdl: plantedSdl,
    planHash: 'not-a-hash',
    acceptHazards: ['LOCK', 'MAY_FAIL', 'WIDENS_ACCESS', 'DATA_LOSS'],
  }),

  rotateApiKey: ({ key }) => ({ id: key.id, overlapSeconds: 60 }),
  updateApiKey: ({ key }) => ({ id: key.id, name: 'Taken over' }),
  revokeApiKey: ({ key }) => ({ id: key.id }),
};
