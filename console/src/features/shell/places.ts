import {
  KeyRound,
  LayoutGrid,
  PanelsTopLeft,
  ScrollText,
  Settings,
  Shapes,
  SquareTerminal,
  Table2,
  Users,
} from 'lucide-react';

/** The pages of an organization, in navigation order. */
export const organizationPlaces = [
  { to: '/orgs/$slug', label: 'Projects', icon: LayoutGrid },
  { to: '/orgs/$slug/members', label: 'Members', icon: Users },
  { to: '/orgs/$slug/audit', label: 'Audit log', icon: ScrollText },
  { to: '/orgs/$slug/settings', label: 'Settings', icon: Settings },
] as const;

/** The pages of a project. */
export const projectPlaces = [
  { to: '/projects/$ref', label: 'Overview', icon: PanelsTopLeft },
  { to: '/projects/$ref/schema', label: 'Schema', icon: Shapes },
  { to: '/projects/$ref/data', label: 'Data', icon: Table2 },
  { to: '/projects/$ref/explorer', label: 'API explorer', icon: SquareTerminal },
  { to: '/projects/$ref/keys', label: 'API keys', icon: KeyRound },
  { to: '/projects/$ref/settings', label: 'Settings', icon: Settings },
] as const;

/** Display names for the last path segment of pages that are not in the navigation. */
const below: Readonly<Record<string, string>> = { versions: 'Versions' };

/**
 * A page's names for the breadcrumbs, starting with the navigation entry.
 *
 * @example pageNames('/projects/abc/schema/versions') // ['Schema', 'Versions']
 * @example pageNames('/projects/abc/data/Issue') // ['Data', 'Issue']
 * @example pageNames('/account') // ['Account']
 */
export function pageNames(pathname: string): readonly string[] {
  const [area, id, page, ...rest] = pathname.split('/').filter((part) => part !== '');
  if (area === 'account') return ['Account'];
  if (area === 'welcome') return ['New organization'];
  if (id === undefined) return [];
  const places: readonly { to: string; label: string }[] =
    area === 'orgs' ? organizationPlaces : area === 'projects' ? projectPlaces : [];
  const start = area === 'orgs' ? '/orgs/$slug' : '/projects/$ref';
  const place = places.find(({ to }) => to === (page === undefined ? start : `${start}/${page}`));
  if (place === undefined) return [];
  return [place.label, ...rest.map((part) => below[part] ?? decodeURIComponent(part))];
}
