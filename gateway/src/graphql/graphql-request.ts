import type { ByteList } from '../platform/bytes.ts';

/** A GraphQL request (GraphQL over HTTP, section 5). */
export interface GraphqlRequest {
  readonly query: string;
  /** Null if the request does not name an operation. */
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly extensions: Readonly<Record<string, unknown>>;
  /** False for GET, which can only run queries. */
  readonly mayChange: boolean;
}

/** The result of an operation. */
export interface GraphqlOutcome {
  readonly operationType: 'query' | 'mutation' | 'subscription';
  /** The data as JSON. Null if execution failed as a whole. */
  readonly data: string | ByteList | null;
  /**
   * True if any of the data is not null. In that case the status is 200 even if there are errors: a client must not
   * discard a newly created key only because a second mutation was refused.
   * @default `data !== null`
   */
  readonly hasData?: boolean;
  /** The errors as they were thrown. */
  readonly errors: readonly unknown[];
}
