/** The limits of live subscriptions. Sizes are in bytes, times in milliseconds. */
export const liveLimits = {
  /** Of one gateway, in total and for each project. */
  subscriptions: 100_000,
  subscriptionsPerProject: 25_000,
  /** Of one statement, and of its parameters. */
  rowsPerRun: 100,
  bytesPerRun: 8_388_608,
  /** Changes that one statement evaluates for change streams, and the pairs of a change and a subscriber. */
  changesPerRun: 200,
  pairsPerRun: 2_000,
  /** The minimum interval of a query plan, and the factor of its last duration that it rests. */
  minIntervalMs: 50,
  restFactor: 4,
  /** The waits after a run failed because of the database or its load. */
  firstRetryMs: 100,
  lastRetryMs: 5_000,
  /** The wait after a run was cancelled because it took too long. */
  slowRetryMs: 30_000,
  /** A subscriber without a first result gets an error after as many failures. */
  maxFirstFailures: 5,
  /** How often plans run that depend on the time. */
  nowIntervalMs: 10_000,
  /** How often the schema version of a project is checked, in case a notification is lost. */
  versionCheckMs: 10_000,
  /** The wait after a subscription could not be compiled for a new version because of load. */
  recompileRetryMs: 200,
  /** A subscription that was not compiled for a new version after this time ends. It delivers nothing until then. */
  recompileMs: 10_000,
  /** How long subscriptions are compiled before other work gets a turn. */
  compileSliceMs: 10,
  /** Latest results for slow readers and for patches. */
  resultBytes: 67_108_864,
  resultBytesPerProject: 16_777_216,
  /** Events that clients of change streams have not read. Beyond it, they are read again. */
  eventBytes: 67_108_864,
  eventBytesPerProject: 16_777_216,
  /** Changes that a change stream reads from the log at once. */
  changesPerRead: 500,
  bytesPerRead: 2_097_152,
} as const;
