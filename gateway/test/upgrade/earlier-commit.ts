/**
 * The version whose data directory the upgrade test starts on, for as long as the history has no release tag
 * (`v1.2.3`); the newest earlier release tag takes precedence, and then this file can be deleted.
 *
 * Move it to the tip of the main branch before a change of what is stored (a migration, a project's tables,
 * keys, tokens) is begun. Never move it to a commit of the branch that makes the change, or the test no longer
 * sees the change.
 */
export const earlierCommit = '5701759147ed0f23f68584452df93724691a94d9';

/** Its tree (`git rev-parse <commit>^{tree}`), by which it is found: a commit's hash changes when history is rewritten. */
export const earlierTree = '6b93b44b094b6f725372b50bd0760cef6df394d4';
