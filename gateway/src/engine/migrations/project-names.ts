/** The names of a project's objects in PostgreSQL: its schema `p_<ref>` and its role `r_<ref>`. */
export interface ProjectNames {
  readonly ref: string;
  readonly schema: string;
  readonly role: string;
}

/** Returns a project's names. @throws Error if the ref does not consist of 16 lowercase letters and digits */
export function projectNames(ref: string): ProjectNames {
  if (!/^[a-z0-9]{16}$/.test(ref))
    throw new Error('A project ref must consist of 16 lowercase letters and digits.');
  return { ref, schema: `p_${ref}`, role: `r_${ref}` };
}
