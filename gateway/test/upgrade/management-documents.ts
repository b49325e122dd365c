export const organizationQuery = /* GraphQL */ `
  query ($slug: String!) {
    viewer {
      id
      email
      name
      createdAt
      emailVerifiedAt
      organizations {
        totalCount
        nodes {
          id
          slug
        }
      }
    }
    organization(slug: $slug) {
      id
      name
      slug
      createdAt
      viewerRole
      viewerCan
      members {
        totalCount
        nodes {
          id
          joinedAt
          role
          user {
            id
            email
            name
          }
        }
      }
      projects {
        totalCount
        nodes {
          id
          ref
          name
          slug
          createdAt
        }
      }
      invitations(status: OPEN) {
        totalCount
        nodes {
          id
          email
          role
          status
          createdAt
          expiresAt
          invitedBy {
            email
          }
        }
      }
    }
  }
`;

export const auditQuery = /* GraphQL */ `
  query ($slug: String!) {
    organization(slug: $slug) {
      auditLog(first: 100) {
        totalCount
        edges {
          cursor
          node {
            id
            action
            at
            details
            ipAddress
            actor {
              id
              kind
              label
            }
            target {
              id
              kind
              label
            }
          }
        }
      }
    }
  }
`;

export const projectsQuery = /* GraphQL */ `
  query ($slug: String!, $after: String!) {
    organization(slug: $slug) {
      projects(first: 5, after: $after) {
        nodes {
          name
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
      }
    }
  }
`;

export const projectQuery = /* GraphQL */ `
  query ($ref: ID!) {
    project(ref: $ref) {
      id
      ref
      name
      slug
      createdAt
      endpoint
      viewerCan
      organization {
        slug
      }
      apiKeys {
        totalCount
        nodes {
          id
          name
          kind
          prefix
          lastFour
          scopes
          rateLimitPerMinute
          createdAt
          createdBy {
            email
          }
          expiresAt
          lastUsedAt
          revokedAt
          replacedById
        }
      }
      schema {
        version
        sdl
        appliedAt
        appliedBy {
          kind
          label
        }
      }
      schemaVersions {
        totalCount
        nodes {
          id
          number
          sdl
          appliedAt
          appliedBy {
            id
            kind
            label
          }
          plan {
            ...Plan
          }
        }
      }
    }
  }
  fragment Plan on SchemaPlan {
    baseVersion
    hash
    hazards
    steps {
      kind
      target
      summary
      hazard
      affectedRows
      sql
    }
  }
`;

export const invitationQuery = /* GraphQL */ `
  query ($token: String!) {
    invitation(token: $token) {
      email
      expiresAt
      invitedByName
      organizationName
      role
    }
  }
`;

export const currentKeyQuery = /* GraphQL */ `
  {
    currentApiKey {
      id
      name
      kind
      scopes
      prefix
      expiresAt
      project {
        ref
        name
        schema {
          version
        }
      }
    }
  }
`;

export const planSchema = /* GraphQL */ `
  mutation ($ref: ID!, $sdl: String!) {
    planSchema(input: { projectRef: $ref, sdl: $sdl }) {
      ... on PlanSchemaSuccess {
        plan {
          baseVersion
          hash
          hazards
          steps {
            kind
            target
            summary
            hazard
            affectedRows
            sql
          }
        }
      }
      ... on InvalidSchemaError {
        diagnostics {
          code
          line
          column
          message
          hint
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`;

/** Tries to apply an empty SDL, which would drop all tables. */
export const applyEmpty = /* GraphQL */ `
  mutation ($ref: ID!) {
    applySchema(input: { projectRef: $ref, sdl: "# empty", planHash: "stale", acceptHazards: [] }) {
      ... on Error {
        code
        message
      }
      ... on StalePlanError {
        plan {
          baseVersion
          hash
          hazards
          steps {
            kind
            target
            affectedRows
            sql
          }
        }
      }
    }
  }
`;

export const createOrganization = /* GraphQL */ `
  mutation ($slug: String!) {
    createOrganization(input: { name: "Another", slug: $slug }) {
      ... on Error {
        code
        message
      }
    }
  }
`;

export const createKey = /* GraphQL */ `
  mutation ($ref: ID!, $scopes: [String!]!) {
    createApiKey(input: { projectRef: $ref, kind: SECRET, name: "New", scopes: $scopes }) {
      ... on Error {
        code
        message
      }
      ... on ValidationError {
        issues {
          path
          message
        }
      }
    }
  }
`;

export const leave = /* GraphQL */ `
  mutation ($id: ID!) {
    leaveOrganization(input: { id: $id }) {
      ... on Error {
        code
        message
      }
    }
  }
`;

export const register = /* GraphQL */ `
  mutation ($email: String!, $password: String!) {
    register(input: { name: "Ada", email: $email, password: $password, tokenDelivery: BODY }) {
      ... on Error {
        code
        message
      }
    }
  }
`;

export const login = /* GraphQL */ `
  mutation ($email: String!, $password: String!) {
    login(input: { email: $email, password: $password, tokenDelivery: BODY }) {
      ... on LoginSuccess {
        session {
          user {
            id
            email
          }
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`;
