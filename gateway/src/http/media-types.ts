import Negotiator from 'negotiator';

import { requestErrors } from '../platform/errors/request-errors.ts';

/** The media types that GraphQL is answered in, and which of them a client asked for. */
export interface GraphqlAnswerType {
  readonly type: 'application/json' | 'application/graphql-response+json';
  /**
   * Whether the client named `application/json`. Errors in the document are then sent with status 200, as GraphQL
   * over HTTP requires for legacy clients; every other client gets a 4xx status.
   */
  readonly keepsTo200: boolean;
}

const json = 'application/json';
const graphqlResponse = 'application/graphql-response+json';
/** For a client that states no preference. */
export const plainJson: GraphqlAnswerType = { type: json, keepsTo200: false };
const namedJson: GraphqlAnswerType = { type: json, keepsTo200: true };

/**
 * Chooses by the Accept header (RFC 9110, 12.5.1): by weight, then by the client's order.
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
  throw requestErrors.notAcceptable(`${graphqlResponse} or as ${json}`);
}

/** Does a browser ask for a page? */
export function prefersHtml(accept: string | undefined): boolean {
  return accept !== undefined && acceptedTypes(accept).includes('text/html');
}

/** The types an Accept header names with a weight above 0, in lower case, the most wanted first. */
function acceptedTypes(accept: string): readonly string[] {
  return new Negotiator({ headers: { accept } }).mediaTypes();
}

/** Those of the encodings that an `Accept-Encoding` header allows (RFC 9110, 12.5.3), in the given order. */
export function acceptedEncodings<Encoding extends string>(
  header: string | undefined,
  encodings: readonly Encoding[],
): readonly Encoding[] {
  if (header === undefined) return [];
  const negotiator = new Negotiator({ headers: { 'accept-encoding': header } });
  const accepted = negotiator.encodings([...encodings]);
  return encodings.filter((encoding) => accepted.includes(encoding));
}
