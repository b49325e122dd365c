const dayMs = 86_400_000;

/** The expiry choices for a new key. */
export const expiries = ['NEVER', 'DAYS_7', 'DAYS_30', 'DAYS_90', 'DAYS_365', 'ON_DAY'] as const;
export type Expiry = (typeof expiries)[number];

export const expiryOptions: readonly { readonly value: Expiry; readonly label: string }[] = [
  { value: 'NEVER', label: 'Never' },
  { value: 'DAYS_7', label: 'In 7 days' },
  { value: 'DAYS_30', label: 'In 30 days' },
  { value: 'DAYS_90', label: 'In 90 days' },
  { value: 'DAYS_365', label: 'In a year' },
  { value: 'ON_DAY', label: 'On a specific date' },
];

/**
 * The time when the key expires; null if it never does.
 * @param day for `ON_DAY`: the last day in the viewer's time zone, such as `2030-01-31`
 */
export function expiresAt(expiry: Expiry, day: string, now: Date): string | null {
  const inDays = (days: number) => new Date(now.getTime() + days * dayMs).toISOString();
  switch (expiry) {
    case 'NEVER':
      return null;
    case 'DAYS_7':
      return inDays(7);
    case 'DAYS_30':
      return inDays(30);
    case 'DAYS_90':
      return inDays(90);
    case 'DAYS_365':
      return inDays(365);
    case 'ON_DAY': {
      const end = new Date(`${day}T00:00:00`);
      // Use calendar arithmetic, because a day can have 23 or 25 hours.
      end.setDate(end.getDate() + 1);
      return end.toISOString();
    }
  }
}
