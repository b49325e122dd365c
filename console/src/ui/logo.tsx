import { cn } from './cn.ts';

interface LogoProps {
  /** Shows only the mark, without the name. */
  readonly isMarkOnly?: boolean;
  readonly className?: string;
}

const tiles = [1, 0.45, 0.2, 0.45, 1, 0.45, 0.2, 0.45, 1];

/** The logo: nine tiles and the name. */
export function Logo({ isMarkOnly = false, className }: LogoProps) {
  return (
    <span className={cn('inline-flex items-center gap-2 text-ink', className)}>
      <svg
        viewBox="0 0 26 26"
        className="size-6 shrink-0 fill-accent"
        {...(isMarkOnly ? { role: 'img', 'aria-label': 'Tessera' } : { 'aria-hidden': true })}
      >
        {tiles.map((opacity, place) => (
          <rect
            key={place}
            x={(place % 3) * 9}
            y={Math.floor(place / 3) * 9}
            width="8"
            height="8"
            rx="1.6"
            opacity={opacity}
          />
        ))}
      </svg>
      {!isMarkOnly && (
        <span className="text-[1.0625rem] font-semibold tracking-tight">Tessera</span>
      )}
    </span>
  );
}
