import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';

import { dayLabel, type UsageDay } from './usage-sum.ts';

const tick = { fill: 'var(--quiet)', fontSize: 12 };

/** A stacked bar chart of successful and failed requests. This is a default export because `lazy` requires one. */
export default function UsageChart({ days }: { days: readonly UsageDay[] }) {
  const rows = days.map(({ day, requests, errors }) => ({
    day,
    Answered: requests - errors,
    'Refused or failed': errors,
  }));
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart
        data={rows}
        accessibilityLayer={false}
        margin={{ top: 8, right: 0, bottom: 0, left: -12 }}
      >
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="day"
          tickFormatter={dayLabel}
          tick={tick}
          tickLine={false}
          axisLine={{ stroke: 'var(--line)' }}
          minTickGap={32}
        />
        <YAxis allowDecimals={false} width={52} tick={tick} tickLine={false} axisLine={false} />
        <Tooltip
          cursor={{ fill: 'var(--ink)', fillOpacity: 0.06 }}
          labelFormatter={(day) => (typeof day === 'string' ? dayLabel(day) : day)}
          isAnimationActive={false}
          contentStyle={{
            background: 'var(--surface)',
            border: '1px solid var(--line)',
            borderRadius: 8,
            color: 'var(--ink)',
            fontSize: 13,
          }}
        />
        <Bar
          dataKey="Answered"
          stackId="requests"
          fill="var(--accent)"
          isAnimationActive={false}
          maxBarSize={28}
        />
        <Bar
          dataKey="Refused or failed"
          stackId="requests"
          fill="var(--danger)"
          isAnimationActive={false}
          maxBarSize={28}
        />
      </BarChart>
    </ResponsiveContainer>
  );
}
