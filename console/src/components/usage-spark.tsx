interface UsageSparkProps {
  readonly days: readonly { readonly day: string; readonly requests: number }[];
}

const width = 4;
const gap = 2;
const height = 24;

/** A decorative bar chart of the requests in the last few days. The total is shown beside it. */
export function UsageSpark({ days }: UsageSparkProps) {
  const most = Math.max(1, ...days.map(({ requests }) => requests));
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${days.length * (width + gap) - gap} ${height}`}
      className="h-6 shrink-0"
    >
      {days.map(({ day, requests }, place) => {
        // A bar is at least 3 px high if there were any requests; otherwise it is a 1 px line.
        const size = requests === 0 ? 1 : Math.max(3, (requests / most) * height);
        return (
          <rect
            key={day}
            x={place * (width + gap)}
            y={height - size}
            width={width}
            height={size}
            rx={1}
            className={requests === 0 ? 'fill-line-strong/50' : 'fill-accent'}
          />
        );
      })}
    </svg>
  );
}
