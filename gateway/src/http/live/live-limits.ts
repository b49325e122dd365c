/** The limits of connections that stay open: WebSockets and event streams. */
export interface LiveLimits {
  /** The open connections of a process and of a project. A secret key has no other limit. */
  readonly connections: number;
  readonly projectConnections: number;
  /** The connections of one signed-in user or member. */
  readonly userConnections: number;
  /** The connections of signed-out callers with one publishable key in one client network. */
  readonly networkConnections: number;
  /** The WebSockets of a process, and of one client network, that have not sent `connection_init` yet. */
  readonly newConnections: number;
  readonly newNetworkConnections: number;
  /** The operations that run at once on one connection, of one user or network, of a project, and of a process. */
  readonly connectionOperations: number;
  readonly callerOperations: number;
  readonly projectOperations: number;
  readonly operations: number;
  /** The time from the handshake to `connection_init`. */
  readonly initMs: number;
  /** How often a WebSocket is pinged. One that has not answered by the next ping is closed. */
  readonly pingMs: number;
  /** How often a comment is sent on a silent event stream. */
  readonly commentMs: number;
  /** How often the credentials of open connections are checked. */
  readonly checkMs: number;
  /** How often a user token is verified again although the settings of its project have not changed. */
  readonly tokenCheckMs: number;
  /** How long the gateway waits for the client's close frame. */
  readonly closeMs: number;
}

export const liveLimits: LiveLimits = {
  connections: 20_000,
  projectConnections: 10_000,
  userConnections: 100,
  networkConnections: 1_000,
  newConnections: 2_000,
  newNetworkConnections: 500,
  connectionOperations: 1_000,
  callerOperations: 5_000,
  projectOperations: 50_000,
  operations: 100_000,
  initMs: 10_000,
  pingMs: 30_000,
  commentMs: 15_000,
  checkMs: 500,
  tokenCheckMs: 300_000,
  closeMs: 5_000,
};
