/** A GraphQL request (GraphQL over HTTP, section 5). */
export interface GraphqlRequest {
  readonly query: string;
  /** Null where the request names no operation. */
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly extensions: Readonly<Record<string, unknown>>;
  /** False for GET, which may only read. */
  readonly mayChange: boolean;
}

/** The result of an operation. */
export interface GraphqlOutcome {
  readonly operationType: 'query' | 'mutation' | 'subscription';
  /** JSON; null where execution failed as a whole. */
  readonly data: string | null;
  /**
   * Is any of the data not null? Then the status is 200, whatever else failed: a client must not discard the
   * one key that was created because a second was refused.
   * @default whether there is data
   */
  readonly hasData?: boolean;
  /** As they were thrown. */
  readonly errors: readonly unknown[];
}
