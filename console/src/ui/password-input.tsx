import { Eye, EyeOff } from 'lucide-react';
import { type ComponentProps, useState } from 'react';

import { cn } from './cn.ts';
import { IconButton } from './icon-button.tsx';
import { Input } from './input.tsx';

/** A password input with a button to show the password. */
export function PasswordInput({ className, ...rest }: Omit<ComponentProps<'input'>, 'type'>) {
  const [isShown, setIsShown] = useState(false);
  return (
    <div className="relative">
      <Input
        {...rest}
        type={isShown ? 'text' : 'password'}
        autoCapitalize="none"
        spellCheck={false}
        className={cn('pr-11', className)}
      />
      <IconButton
        label={isShown ? 'Hide the password' : 'Show the password'}
        icon={isShown ? EyeOff : Eye}
        size="sm"
        className="absolute top-1/2 right-0.5 -translate-y-1/2 text-quiet"
        onClick={() => setIsShown(!isShown)}
      />
    </div>
  );
}
