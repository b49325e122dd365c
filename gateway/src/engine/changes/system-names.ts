/** The objects of the change log in the schema of a project. No SDL can produce a name with `$`. */
export const systemNames = {
  versions: '$versions',
  log: '$log',
  changes: '$changes',
  commits: '$commits',
  markers: '$changes_markers',
  sequence: '$changes_seq',
  logFunction: '$log_changes',
  keyFunction: '$key_of',
  changedFunction: '$changed_columns',
  shortFunction: '$short_values',
  longFunction: '$long_values',
  clusterFunction: '$cluster',
  cursorFunction: '$changes_cursor',
  /** The setting of a transaction that applies a plan. */
  applySetting: 'tessera.apply',
} as const;

/** The version of the objects, in `$versions` under the name `changes`. */
export const changeLogVersion = 1;

export const changeLogLimits = {
  /** Larger values are left out of the log. In bytes. */
  valueBytes: 1_024,
  /** If a statement changes more rows, only their keys are logged. */
  imagesPerStatement: 10_000,
} as const;
