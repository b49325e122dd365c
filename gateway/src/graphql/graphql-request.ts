import type { ByteList } from '../platform/bytes.ts';

/** A GraphQL request (GraphQL over HTTP, section 5). */
export interface GraphqlRequest {
  readonly query: string;
  /** Null if the request does not name an operation. */
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Whether the variables contain an `ExactNumber`. @default false */
  readonly hasExactNumbers?: boolean;
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
   * False if every root field failed. If one did not, the response contains the data even if a server fault made
   * another field fail: a client must not lose a newly created key because a second mutation failed.
   * @default `data !== null`
   */
  readonly hasData?: boolean;
  /** False if the operation was rejected before any part of it ran. @default true */
  readonly hasRun?: boolean;
  /** The errors as they were thrown. */
  readonly errors: readonly unknown[];
}
