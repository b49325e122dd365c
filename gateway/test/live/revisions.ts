import type { EngineProject } from '../engine/project.ts';

/** Adds a field to each model that tells the versions of a row apart: see `numberVersions`. */
export function withRevisions(sdl: string): string {
  return sdl.replaceAll(/^(type \w+ .*) \{$/gm, '$1 {\n  rev0: Int');
}

/** Gives each version of each row a number that is greater than those of earlier versions. */
export async function numberVersions(
  project: EngineProject,
  tables: readonly string[],
): Promise<void> {
  const { schema } = project.names;
  await project.query(`CREATE SEQUENCE revisions`);
  await project.query(
    `CREATE FUNCTION number_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = "${schema}" AS $$
     BEGIN NEW.rev0 := nextval('revisions'); RETURN NEW; END $$`,
  );
  for (const table of tables) {
    await project.query(
      `CREATE TRIGGER number_version BEFORE INSERT OR UPDATE ON "${table}" FOR EACH ROW EXECUTE FUNCTION number_version();
       ALTER TABLE "${table}" ENABLE ALWAYS TRIGGER number_version`,
    );
  }
}

/** What a client has seen of rows. It must not see a version of a row again after a later one. */
export class Revisions {
  readonly #latest = new Map<string, number>();

  /** @throws Error if a later version was seen before */
  see(key: string, revision: unknown): void {
    if (typeof revision !== 'number') return;
    const latest = this.#latest.get(key) ?? 0;
    if (revision < latest) {
      throw new Error(`The row ${key} went back from version ${latest} to ${revision}.`);
    }
    this.#latest.set(key, revision);
  }
}
