import { useSuspenseQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';

import { explainError } from '#console/lib/api/errors.ts';
import { session } from '#console/lib/session/session.ts';
import { chooseTheme, type ThemeChoice, useThemeChoice } from '#console/lib/theme.ts';
import { viewerQuery } from '#console/lib/viewer.ts';
import { Avatar } from '#console/ui/avatar.tsx';
import { Menu, MenuChoice, MenuGroup, MenuItem, MenuSeparator } from '#console/ui/menu.tsx';
import { toast } from '#console/ui/toast.ts';

const themes = [
  { value: 'light', label: 'Light', icon: Sun },
  { value: 'dark', label: 'Dark', icon: Moon },
  { value: 'system', label: 'Like the system', icon: Monitor },
] as const;

/** Ends the session, here and in every other tab. */
export const signOut = (): Promise<void> =>
  session.signOut().catch((error: unknown) => {
    toast.error(explainError(error));
  });

export function UserMenu() {
  const { data: viewer } = useSuspenseQuery(viewerQuery);
  const theme = useThemeChoice();
  if (viewer === null) return null;
  return (
    <Menu
      className="w-60"
      trigger={
        <button
          type="button"
          aria-label={`Your account: ${viewer.name}`}
          className="grid size-9 cursor-pointer place-items-center rounded-md hover:bg-ink/6 touch:size-11"
        >
          <Avatar name={viewer.name} size="sm" />
        </button>
      }
    >
      <div className="px-2.5 py-1.5">
        <p className="truncate font-medium">{viewer.name}</p>
        <p className="truncate text-xs text-quiet">{viewer.email}</p>
      </div>
      <MenuSeparator />
      <MenuItem icon={UserRound} render={<Link to="/account" />}>
        Account
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
