const columns = 9;
const rows = 11;
const size = 64;
const gap = 8;

/** The opacity of a tile, from 0 to 1. It is deterministic, and fades out toward the text at the bottom. */
function strength(column: number, row: number): number {
  const noise = Math.abs(Math.sin(column * 12.9898 + row * 78.233) * 43_758.5453) % 1;
  const fade = Math.max(0, 1 - row / (rows * 0.64));
  return noise < 0.3 ? 0 : noise * fade * 0.6;
}

/** A decorative wall of tiles like those in the logo. */
export function Mosaic() {
  const tiles = Array.from({ length: columns * rows }, (_, place) => ({
    column: place % columns,
    row: Math.floor(place / columns),
  }));
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${columns * (size + gap) - gap} ${rows * (size + gap) - gap}`}
      preserveAspectRatio="xMaxYMin slice"
      className="absolute inset-0 size-full fill-accent"
    >
      {tiles.map(({ column, row }) => (
        <rect
          key={`${column} ${row}`}
          x={column * (size + gap)}
          y={row * (size + gap)}
          width={size}
          height={size}
          rx="10"
          opacity={strength(column, row)}
        />
      ))}
    </svg>
  );
}
