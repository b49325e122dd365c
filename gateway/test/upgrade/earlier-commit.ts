/**
 * The version that creates the data directory for the upgrade test, unless the history has a release tag (`v1.2.3`).
 * The newest earlier release tag takes precedence, and this file can then be deleted. Before you start to change how
 * data is stored (in a migration, a project's tables, keys or tokens), set this to the tip of the main branch. Never
 * set it to a commit that already contains that change, because the test would then no longer cover it.
 */
export const earlierCommit = '88098b3375e0395599eb6c2b84f58afac269f0f7';

/**
 * The commit's tree (`git rev-parse <commit>^{tree}`). The commit is found by its tree, because its hash changes when
 * the history is rewritten.
 */
export const earlierTree = '782fca69d6697b9c2f08554d55b602a0d58f316e';
