import { cn } from './cn.ts';

interface AvatarProps {
  readonly name: string;
  readonly size?: 'sm' | 'md';
  readonly className?: string;
}

const tones = [
  'bg-accent-soft text-accent',
  'bg-info-soft text-info',
  'bg-warning-soft text-warning',
  'bg-success-soft text-success',
  'bg-danger-soft text-danger',
];

/** The initials of a name, in a color derived from the name. Decorative: show the name beside it. */
export function Avatar({ name, size = 'md', className }: AvatarProps) {
  const words = name.trim().split(/\s+/);
  const letters = (words.length > 1 ? [words[0], words.at(-1)] : [words[0]])
    .map((word) => String.fromCodePoint(word?.codePointAt(0) ?? 0x3f))
    .join('');
  const sum = Array.from(name, (letter) => letter.codePointAt(0) ?? 0).reduce((a, b) => a + b, 0);
  return (
    <span
      aria-hidden="true"
      // Drawn with CSS, because letters in the DOM would become part of a button's text.
      data-letters={letters}
      className={cn(
        'inline-grid shrink-0 place-items-center rounded-md font-semibold uppercase select-none before:content-[attr(data-letters)]',
        size === 'md' ? 'size-8 text-xs' : 'size-6 text-[0.6875rem]',
        tones[sum % tones.length],
        className,
      )}
    />
  );
}
