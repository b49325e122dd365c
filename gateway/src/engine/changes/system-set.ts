import type { ProjectNames } from '../migrations/project-names.ts';
import type { Sql } from '../sql/sql.ts';
import { changeLogVersion } from './system-names.ts';

/** The system objects that Tessera keeps in the schema of a project for one purpose. They are upgraded together. */
export interface SystemSet {
  /** The name in `$versions`. */
  readonly name: string;
  /** The version that this gateway creates. It also works with the version before and the one after. */
  readonly version: number;
  /**
   * How each version is made from the one before. Changes only add something, because gateways of the version before can
   * still be running.
   */
  readonly upgrades: ReadonlyMap<number, SystemUpgrade>;
}

type SystemUpgrade = (project: Pick<ProjectNames, 'schema' | 'role'>) => readonly Sql[];

export const changeLogSet: SystemSet = {
  name: 'changes',
  version: changeLogVersion,
  upgrades: new Map(),
};
