import { Link } from '@tanstack/react-router';
import { BookOpen, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';

import type { ViewerQuery } from '#console/gql/graphql.ts';
import { docsPages } from '#console/lib/docs-pages.ts';
import { chooseTheme, type ThemeChoice, useThemeChoice } from '#console/lib/theme.ts';
import { Menu, MenuChoice, MenuGroup, MenuItem, MenuSeparator } from '#console/ui/menu.tsx';

import { signOut } from './sign-out.ts';
import { UserButton } from './user-button.tsx';

const themes = [
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
  { value: 'system', label: 'System', icon: Monitor },
] as const;

/**
 * The menu that replaces the button of `UserMenu` on first use. This is a default export because `lazy` requires one.
 */
export default function UserMenuPopup({ viewer }: { viewer: NonNullable<ViewerQuery['viewer']> }) {
  const theme = useThemeChoice();
  return (
    <Menu defaultOpen className="w-60" trigger={<UserButton name={viewer.name} />}>
      <div className="px-2.5 py-1.5">
        <p className="truncate font-medium">{viewer.name}</p>
        <p className="truncate text-xs text-quiet">{viewer.email}</p>
      </div>
      <MenuSeparator />
      <MenuItem icon={UserRound} render={<Link to="/account" />}>
        Account
      </MenuItem>
      <MenuItem
        icon={BookOpen}
        render={<a href={docsPages.start} target="_blank" rel="noreferrer" />}
      >
        Documentation
      </MenuItem>
      <MenuSeparator />
      <MenuGroup label="Theme">
        <MenuChoice<ThemeChoice>
          label="Theme"
          options={themes}
          value={theme}
          onValueChange={chooseTheme}
        />
      </MenuGroup>
      <MenuSeparator />
      <MenuItem icon={LogOut} onSelect={() => void signOut()}>
        Sign out
      </MenuItem>
    </Menu>
  );
}
