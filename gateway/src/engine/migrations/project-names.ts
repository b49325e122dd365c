/** What a project has in PostgreSQL: its schema `p_<ref>` and its role `r_<ref>`. */
export interface ProjectNames {
  readonly ref: string;
  readonly schema: string;
  readonly role: string;
}

/** @throws Error for a ref that is not 16 small letters and digits */
export function projectNames(ref: string): ProjectNames {
  if (!/^[a-z0-9]{16}$/.test(ref))
    throw new Error('A project ref has 16 small letters and digits.');
  return { ref, schema: `p_${ref}`, role: `r_${ref}` };
}
