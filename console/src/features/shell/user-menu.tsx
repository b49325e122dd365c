import { useSuspenseQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';

import { viewerQuery } from '#console/domain/viewer.queries.ts';

import { UserButton } from './user-button.tsx';

const load = () => import('./user-menu-popup.tsx');
const UserMenuPopup = lazy(load);

/** The account button. The menu is loaded when the button is hovered or focused, to keep the first load small. */
export function UserMenu() {
  const { data: viewer } = useSuspenseQuery(viewerQuery);
  const [isUsed, setIsUsed] = useState(false);
  if (viewer === null) return null;
  const button = (
    <UserButton
      name={viewer.name}
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setIsUsed(true)}
    />
  );
  if (!isUsed) return button;
  return (
    <Suspense fallback={button}>
      <UserMenuPopup viewer={viewer} />
    </Suspense>
  );
}
