// @ts-check
// npm run backup -- FILE: backs up the embedded PostgreSQL and the generated keys. A gateway can be running.
import { runBackupCommand } from './lib/backup-command.mjs';
import { runScript } from './lib/progress.mjs';

await runScript(() => runBackupCommand('backUp'));
