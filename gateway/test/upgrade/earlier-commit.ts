/**
 * The version that creates the data directory for the upgrade test, unless the history has a release tag (`v1.2.3`).
 * The newest earlier release tag takes precedence, and this file can then be deleted. Before you start to change stored
 * data (a migration, a project's tables, keys, tokens), set this to the tip of the main branch. Never set it to a
 * commit on the branch that makes the change, because the test would then no longer cover the change.
 */
export const earlierCommit = '5701759147ed0f23f68584452df93724691a94d9';

/**
 * The commit's tree (`git rev-parse <commit>^{tree}`). The commit is found by its tree, because its hash changes when
 * the history is rewritten.
 */
export const earlierTree = '6b93b44b094b6f725372b50bd0760cef6df394d4';
