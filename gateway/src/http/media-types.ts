import Negotiator from 'negotiator';

import { requestErrors } from '../platform/errors/request-errors.ts';

/** The media type of a GraphQL response, chosen according to the client's Accept header. */
export interface GraphqlAnswerType {
  readonly type: 'application/json' | 'application/graphql-response+json';
  /**
   * True if the client named `application/json`. Errors in the document are then sent with status 200, as GraphQL over
   * HTTP requires for legacy clients. All other clients get a 4xx status.
   */
  readonly keepsTo200: boolean;
}

const json = 'application/json';
const graphqlResponse = 'application/graphql-response+json';
/** The type that is used if the client states no preference. */
export const plainJson: GraphqlAnswerType = { type: json, keepsTo200: false };
const namedJson: GraphqlAnswerType = { type: json, keepsTo200: true };

/**
 * Chooses a type from the Accept header (RFC 9110, 12.5.1), by weight and then by the client's order.
 * @throws RequestError `NOT_ACCEPTABLE`
 */
export function negotiateGraphqlType(accept: string | undefined): GraphqlAnswerType {
  if (accept === undefined || accept === '*/*') return plainJson;
  if (accept === json) return namedJson;
  if (accept.trim() === '') return plainJson;
  for (const type of acceptedTypes(accept)) {
    if (type === json) return namedJson;
    if (type === graphqlResponse) return { type, keepsTo200: false };
    if (type === '*/*' || type === 'application/*') return plainJson;
  }
  throw requestErrors.notAcceptable(`${graphqlResponse} or ${json}`);
}

/** Returns whether the Accept header names `text/html`, as browsers do when they open a page. */
export function prefersHtml(accept: string | undefined): boolean {
  return accept !== undefined && acceptedTypes(accept).includes('text/html');
}

/** Returns the types that an Accept header names with a weight above 0, in lower case, most preferred first. */
function acceptedTypes(accept: string): readonly string[] {
  return new Negotiator({ headers: { accept } }).mediaTypes();
}

/** Returns those of the `encodings` that an `Accept-Encoding` header allows (RFC 9110, 12.5.3), in the given order. */
export function acceptedEncodings<Encoding extends string>(
  header: string | undefined,
  encodings: readonly Encoding[],
): readonly Encoding[] {
  if (header === undefined) return [];
  const negotiator = new Negotiator({ headers: { 'accept-encoding': header } });
  const accepted = negotiator.encodings([...encodings]);
  return encodings.filter((encoding) => accepted.includes(encoding));
}

const codings = ['br', 'gzip', 'identity'] as const;

/** `Negotiator.encodings` since version 1.0. The types describe an earlier version. */
interface PreferringNegotiator {
  encodings(available: readonly string[], options: { preferred: readonly string[] }): string[];
}

/**
 * Chooses a content coding from an `Accept-Encoding` header by weight (RFC 9110, 12.5.3). Of several with the same
 * weight, it chooses the one with the smallest result.
 * @returns null if the client prefers a response without a coding or accepts none
 */
export function preferredEncoding(header: string): 'br' | 'gzip' | null {
  const negotiator: PreferringNegotiator = new Negotiator({
    headers: { 'accept-encoding': header },
  });
  const [best] = negotiator.encodings(codings, { preferred: codings });
  return best === 'br' || best === 'gzip' ? best : null;
}
