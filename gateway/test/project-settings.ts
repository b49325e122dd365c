import type { TrustedIssuer } from '../src/data-plane/callers/access-settings.ts';
import type { TestApp } from './app.ts';
import type { TestProject } from './project-api.ts';

type Project = Pick<TestProject, 'ref' | 'tenant'>;

/** Creates an API key of any kind. @returns its text */
export async function createKey(
  app: TestApp,
  { ref, tenant }: Project,
  input: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { secret } = await change(app, tenant, {
    mutation: 'createApiKey',
    selection: 'secret',
    input: { projectRef: ref, name: 'Key', ...input },
  });
  // The document selects this field, which is a text.
  return secret as string;
}

/** Sets the issuers that a project trusts. */
export async function trustIssuers(
  app: TestApp,
  { ref, tenant }: Project,
  issuers: readonly TrustedIssuer[],
): Promise<void> {
  await change(app, tenant, {
    mutation: 'setTrustedIssuers',
    selection: 'project { ref }',
    input: { projectRef: ref, issuers },
  });
}

/** Sets the origins whose pages can call a project's API. */
export async function allowOrigins(
  app: TestApp,
  { ref, tenant }: Project,
  allowedOrigins: readonly string[],
): Promise<void> {
  await change(app, tenant, {
    mutation: 'updateProjectSettings',
    selection: 'project { ref }',
    input: { projectRef: ref, allowedOrigins },
  });
}

/** Runs a mutation as the owner. @throws Error if it fails */
async function change(
  app: TestApp,
  { users }: TestProject['tenant'],
  {
    mutation,
    selection,
    input,
  }: { readonly mutation: string; readonly selection: string; readonly input: object },
): Promise<Readonly<Record<string, unknown>>> {
  const name = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}`;
  const { body } = await app.graphql(
    `mutation ($input: ${name}Input!) {
      result: ${mutation}(input: $input) {
        __typename ... on ${name}Success { ${selection} } ... on Error { message }
      }
    }`,
    { input },
    await app.accessTokenFor(users.OWNER),
  );
  const result = body.data?.['result'];
  const isSuccess = typeof result === 'object' && result !== null;
  if (!isSuccess || Reflect.get(result, '__typename') !== `${name}Success`) {
    throw new Error(JSON.stringify(body));
  }
  // An object of a GraphQL response.
  return result as Readonly<Record<string, unknown>>;
}
