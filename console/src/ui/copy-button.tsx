import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';

import { Button } from './button.tsx';
import { cn } from './cn.ts';
import { copy } from './copy.ts';
import { toast } from './toast.ts';

interface CopyButtonProps {
  readonly value: string;
  /** The accessible name: "Copy key". */
  readonly label: string;
  readonly size?: 'sm' | 'md';
  /** Whether to show the label beside the icon. */
  readonly isLabelShown?: boolean;
  readonly onCopied?: () => void;
  readonly className?: string;
}

export function CopyButton({
  value,
  label,
  size = 'sm',
  isLabelShown = false,
  onCopied,
  className,
}: CopyButtonProps) {
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [isCopied]);

  const run = async () => {
    if (!(await copy(value))) {
      toast.error('Your browser blocked copying. Select the text and copy it yourself.');
      return;
    }
    setIsCopied(true);
    onCopied?.();
  };
  return (
    <>
      <Button
        variant={isLabelShown ? 'secondary' : 'ghost'}
        size={size}
        icon={isCopied ? <Check className="size-4 text-success" /> : Copy}
        {...(!isLabelShown && { 'aria-label': label, tooltip: isCopied ? 'Copied' : label })}
        className={cn(
          !isLabelShown && ['px-0 touch:min-w-11 touch:px-0', size === 'md' ? 'w-9' : 'w-8'],
          className,
        )}
        onClick={() => void run()}
      >
        {isLabelShown && label}
      </Button>
      <span role="status" className="sr-only">
        {isCopied && 'Copied'}
      </span>
    </>
  );
}
