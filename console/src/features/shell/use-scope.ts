import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';

import { projectQuery } from '#console/domain/project.queries.ts';
import { viewerQuery } from '#console/domain/viewer.queries.ts';
import { lastOrganization } from '#console/lib/last-organization.ts';

export interface Scope {
  readonly organization: ScopeOrganization | null;
  readonly project: ScopeProject | null;
}

interface ScopeProject {
  readonly ref: string;
  readonly name: string;
  /** Null if no schema has been applied. */
  readonly schema: { readonly version: number } | null;
}

export interface ScopeOrganization {
  readonly slug: string;
  readonly name: string;
  readonly viewerCan: readonly string[];
}

/**
 * The organization and project in the current URL. On other pages, the organization is the one that was viewed last.
 * The value is null for an organization or project that the viewer does not belong to.
 */
export function useScope(): Scope {
  const { slug, ref } = useParams({ strict: false });
  const { data: viewer } = useSuspenseQuery(viewerQuery);
  const { data: project } = useQuery({ ...projectQuery(ref ?? ''), enabled: ref !== undefined });
  const organizations = viewer?.organizations.nodes ?? [];
  if (ref !== undefined) {
    return project == null
      ? { organization: null, project: null }
      : { organization: project.organization, project };
  }
  const wanted = slug ?? lastOrganization();
  const organization = organizations.find((one) => one.slug === wanted);
  const fallback = slug === undefined ? organizations[0] : undefined;
  return { organization: organization ?? fallback ?? null, project: null };
}
