// @ts-check
// npm run restore -- FILE: restores a backup of the embedded PostgreSQL. The gateway must be stopped.
import { runBackupCommand } from './lib/backup-command.mjs';
import { runScript } from './lib/progress.mjs';

await runScript(() => runBackupCommand('restore'));
