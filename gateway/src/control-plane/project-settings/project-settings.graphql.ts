import type { Project } from '#prisma';
import {
  issuerAlgorithms,
  maxTrustedIssuers,
  type ClaimMapping,
  type TrustedIssuer,
} from '../../data-plane/callers/access-settings.ts';
import { NotFoundError, ValidationError } from '../errors/expected-error.ts';
import { builder } from '../graphql/builder.ts';
import { controlPlaneLimits } from '../limits.ts';
import { versionOf, type ProjectSettingsService } from './project-settings.service.ts';

declare module '../graphql/context.ts' {
  interface Services {
    readonly projectSettings: ProjectSettingsService;
  }
}

const { maxAllowedOrigins, maxMappedClaims } = controlPlaneLimits;

const issuerDescription = 'The exact claim `iss` of its tokens.';
const audienceDescription = 'The value that the claim `aud` of its tokens must have or contain.';
const jwksDescription =
  'The URL of its public keys (RFC 7517). If null, OpenID Connect discovery finds it.';
const userClaimDescription =
  'The claim that identifies the user, usually `sub`. If it is `email`, only tokens whose claim `email_verified` is true are accepted.';
const userFieldDescription =
  'The unique field of the `@user` model that contains the value of `userClaim`. Each issuer has its own field.';
const nameDescription = 'A field of the `@claims` type.';
const pathDescription =
  'The names of the members from the token to the value, separated by dots: `app_metadata.role`.';

const expectedVersionDescription =
  'The `accessSettingsVersion` that the change is based on. If the settings have changed since, the error is `CONFLICT` and nothing is changed. If omitted, this is not checked.';

const IssuerAlgorithmType = builder.enumType('IssuerAlgorithm', { values: issuerAlgorithms });

const ClaimMappingType = builder.objectRef<ClaimMapping>('ClaimMapping').implement({
  authScopes: { viaParent: true },
  fields: (t) => ({
    name: t.exposeString('name', { description: nameDescription }),
    path: t.exposeString('path', { description: pathDescription }),
  }),
});

const TrustedIssuerType = builder.objectRef<TrustedIssuer>('TrustedIssuer').implement({
  description: "An issuer whose tokens identify the users of the project's apps.",
  authScopes: { viaParent: true },
  fields: (t) => ({
    issuer: t.exposeString('issuer', { description: issuerDescription }),
    audience: t.exposeString('audience', { description: audienceDescription }),
    jwksUrl: t.exposeString('jwksUrl', { nullable: true, description: jwksDescription }),
    algorithms: t.field({
      type: [IssuerAlgorithmType],
      description: 'The accepted signature algorithms.',
      resolve: ({ algorithms }) => algorithms,
    }),
    userClaim: t.exposeString('userClaim', { description: userClaimDescription }),
    userField: t.exposeString('userField', { description: userFieldDescription }),
    claims: t.field({
      type: [ClaimMappingType],
      description: 'The claims that access rules can use. Claims that are not mapped are missing.',
      resolve: ({ claims }) => claims,
    }),
  }),
});

builder.prismaObjectFields('Project', (t) => ({
  allowedOrigins: t.stringList({
    description:
      "The origins whose pages can call the project's API from a browser, with a publishable key.",
    authScopes: (project) => ({ project: { project, action: 'projectSettings:read' } }),
    resolve: async (project, _args, { services }) => [
      ...(await services.projectSettings.of(project)).allowedOrigins,
    ],
  }),
  accessSettingsVersion: t.string({
    description:
      'Changes when the allowed origins or the trusted issuers change. Send it as `expectedVersion` to change only the settings that you have read.',
    authScopes: (project) => ({ project: { project, action: 'projectSettings:read' } }),
    resolve: async (project, _args, { services }) =>
      versionOf(await services.projectSettings.of(project)),
  }),
  trustedIssuers: t.field({
    type: [TrustedIssuerType],
    description: "The issuers whose tokens identify the users of the project's apps.",
    authScopes: (project) => ({ project: { project, action: 'projectSettings:read' } }),
    resolve: async (project, _args, { services }) =>
      (await services.projectSettings.of(project)).trustedIssuers,
  }),
}));

/** The payload `{ project }`. */
const projectSuccess = (name: string) =>
  builder.objectRef<{ project: Project }>(name).implement({
    authScopes: { viaParent: true },
    fields: (t) => ({
      project: t.prismaField({ type: 'Project', resolve: (_query, success) => success.project }),
    }),
  });

builder.mutationField('updateProjectSettings', (t) =>
  t.field({
    type: projectSuccess('UpdateProjectSettingsSuccess'),
    nullable: true,
    description: 'Changes the given settings of a project and leaves the others unchanged.',
    authScopes: { user: true },
    errors: { types: [ValidationError, NotFoundError] },
    args: {
      input: t.arg({
        type: builder.inputType('UpdateProjectSettingsInput', {
          fields: (f) => ({
            projectRef: f.id(),
            expectedVersion: f.string({ required: false, description: expectedVersionDescription }),
            allowedOrigins: f.stringList({
              required: false,
              description: `At most ${maxAllowedOrigins} origins, each with scheme, host and port, such as \`https://app.example\` or \`http://localhost:5173\`. Wildcards are not possible.`,
            }),
          }),
        }),
      }),
    },
    resolve: async (_root, { input }, context) => ({
      project: await context.services.projectSettings.update(context, input),
    }),
  }),
);

const ClaimMappingInput = builder.inputType('ClaimMappingInput', {
  fields: (f) => ({
    name: f.string({ description: nameDescription }),
    path: f.string({ description: pathDescription }),
  }),
});

const TrustedIssuerInput = builder.inputType('TrustedIssuerInput', {
  fields: (f) => ({
    issuer: f.string({ description: `${issuerDescription} A URL that begins with \`https://\`.` }),
    audience: f.string({ description: audienceDescription }),
    jwksUrl: f.string({ required: false, description: jwksDescription }),
    algorithms: f.field({
      type: [IssuerAlgorithmType],
      required: false,
      description: 'The accepted signature algorithms. If omitted, all of them are accepted.',
    }),
    userClaim: f.string({ description: userClaimDescription }),
    userField: f.string({ description: userFieldDescription }),
    claims: f.field({
      type: [ClaimMappingInput],
      required: false,
      description: `At most ${maxMappedClaims} claims that access rules can use.`,
    }),
  }),
});

builder.mutationField('setTrustedIssuers', (t) =>
  t.field({
    type: projectSuccess('SetTrustedIssuersSuccess'),
    nullable: true,
    description:
      "Replaces the list of the project's trusted issuers. The fields and claims must exist in the applied schema.",
    authScopes: { user: true },
    errors: { types: [ValidationError, NotFoundError] },
    args: {
      input: t.arg({
        type: builder.inputType('SetTrustedIssuersInput', {
          fields: (f) => ({
            projectRef: f.id(),
            expectedVersion: f.string({ required: false, description: expectedVersionDescription }),
            issuers: f.field({
              type: [TrustedIssuerInput],
              description: `At most ${maxTrustedIssuers} issuers.`,
            }),
          }),
        }),
      }),
    },
    resolve: async (_root, { input }, context) => ({
      project: await context.services.projectSettings.setTrustedIssuers(context, input),
    }),
  }),
);
