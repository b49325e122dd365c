import type { ComponentProps } from 'react';

import { Avatar } from '#console/ui/avatar.tsx';

interface UserButtonProps extends ComponentProps<'button'> {
  readonly name: string;
}

export const UserButton = ({ name, ...rest }: UserButtonProps) => (
  <button
    {...rest}
    type="button"
    aria-label={`Your account: ${name}`}
    className="grid size-9 cursor-pointer place-items-center rounded-md hover:bg-ink/6 touch:size-11"
  >
    <Avatar name={name} size="sm" />
  </button>
);
