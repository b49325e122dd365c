import { cn } from './cn.ts';
import { CopyButton } from './copy-button.tsx';

interface CodeBlockProps {
  readonly code: string;
  /** The language shown above the code: "GraphQL", "Shell". */
  readonly language?: string;
  /** Whether to show a copy button. A string is used as the button's label. */
  readonly copy?: boolean | string;
  /** The accessible name. */
  readonly label?: string;
  /** Wraps long words, such as URLs, instead of scrolling. */
  readonly isWrapped?: boolean;
  readonly className?: string;
}

/** A block of code with a copy button. */
export function CodeBlock({
  code,
  language,
  copy = true,
  label,
  isWrapped = false,
  className,
}: CodeBlockProps) {
  const name = label ?? language ?? 'Code';
  return (
    <div
      className={cn(
        'relative min-w-0 overflow-hidden rounded-lg border border-line bg-sunken',
        className,
      )}
    >
      {language !== undefined && (
        <div className="flex h-9 items-center border-b border-line px-4 text-xs font-medium text-quiet touch:h-11">
          {language}
        </div>
      )}
      {copy !== false && (
        <CopyButton
          value={code}
          label={typeof copy === 'string' ? copy : 'Copy the code'}
          className={cn(
            // Opaque, because the code scrolls beneath the button.
            'absolute right-1 bg-sunken',
            language === undefined ? 'top-1' : 'top-0.5 touch:top-0',
          )}
        />
      )}
      <pre
        role="region"
        aria-label={name}
        // A scrollable region must be reachable by keyboard.
        tabIndex={0}
        className={cn(
          'max-h-120 overflow-auto px-4 py-3 font-mono text-[0.8125rem] leading-relaxed -outline-offset-2',
          isWrapped && 'break-all whitespace-pre-wrap',
          copy !== false && language === undefined && 'pr-12',
        )}
      >
        <code>{code}</code>
      </pre>
    </div>
  );
}
