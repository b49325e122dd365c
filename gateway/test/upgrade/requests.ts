import type { GraphqlBody } from '../app.ts';
import { catalogRequests } from './catalog-requests.ts';
import type { Answer, GatewayClient, Request } from './client.ts';
import { managementRequests } from './management-requests.ts';
import type { StoredData } from './stored-data.ts';
import { trackerRequests } from './tracker-requests.ts';

const requestsOf = (stored: StoredData): readonly Request[] => [
  ...trackerRequests(stored),
  ...catalogRequests(stored),
  // This request is last because its plans contain row counts, which the rejected mutations above must not change.
  ...managementRequests(stored),
];

export type Answers = Readonly<Record<string, Answer>>;

/** Sends the requests one after another and returns the responses by request name. */
export async function recordAnswers(client: GatewayClient, stored: StoredData): Promise<Answers> {
  const answers: Record<string, Answer> = {};
  for (const { name, send } of requestsOf(stored)) {
    const { status, body } = await send(client);
    answers[name] = {
      status,
      body: typeof body === 'string' ? withoutDescriptions(body) : replaceVolatile(body),
    };
  }
  return answers;
}

/**
 * Returns the responses that are not as expected. Checking this is necessary because both versions might return the
 * same wrong response.
 */
export const unintendedAnswers = (stored: StoredData, answers: Answers): Answers =>
  Object.fromEntries(
    requestsOf(stored).flatMap(({ name, refusal }) => {
      const answer = answers[name];
      return answer === undefined || refusalOf(answer.body) === refusal ? [] : [[name, answer]];
    }),
  );

/** Returns the code of a GraphQL error or of an expected error that a mutation returns. */
function refusalOf(body: unknown): string | undefined {
  if (typeof body === 'string') return undefined;
  // Every GraphQL over HTTP response has this shape.
  const { errors, data } = body as GraphqlBody;
  const codes = [
    ...(errors ?? []).map(({ extensions }) => extensions?.['code']),
    // The result of a mutation is an object or null.
    ...Object.values(data ?? {}).map((result) => (result as { code?: unknown } | null)?.code),
  ];
  return codes.find((code) => typeof code === 'string');
}

/** Removes the descriptions from a printed schema. Clients do not depend on their words. */
function withoutDescriptions(sdl: string): string {
  return sdl.replace(/^ *"""[\s\S]*?"""\n/gm, '');
}

/** The members whose values differ between two requests to the same version, or on which clients do not depend. */
const volatileMembers: Readonly<Record<string, string>> = {
  // This value is written up to one minute after the request.
  lastUsedAt: '(time of last use)',
  description: '(description)',
  // The hint of a diagnostic.
  hint: '(hint)',
};

/** Permissions that the earlier version does not have. Clients ignore permissions that they do not know. */
const newPermissions: readonly unknown[] = [
  'projectSettings:read',
  'projectSettings:update',
  'access:viewAs',
  'access:explain',
];

function replaceVolatile(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.filter((item) => !newPermissions.includes(item)).map(replaceVolatile);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      volatileMembers[name] ?? replaceVolatile(member),
    ]),
  );
}
