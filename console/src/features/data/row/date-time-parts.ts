/** The time zone in which a DateTime is edited. */
export type Zone = 'LOCAL' | 'UTC';

/** The values of the inputs for a DateTime. Each can be empty. */
export interface DateTimeParts {
  /** `2030-01-31` */
  readonly date: string;
  /** `12:30:05` or `12:30` */
  readonly time: string;
  /** The digits after the seconds: `123456`. */
  readonly fraction: string;
}

const parts =
  /^(\d{4,6}-\d{2}-\d{2})?(?:[T ](\d{2}:\d{2}(?::\d{2})?)?(?:\.(\d{1,6}))?)?(Z|[+-]\d{2}:\d{2})?$/i;

export const noParts: DateTimeParts = { date: '', time: '', fraction: '' };

/**
 * Divides the text of a draft into the values of the inputs, in a time zone. Text without an offset is already in this
 * time zone. Null if the text has another format, which only a text input can show.
 */
export function dateTimeParts(text: string, zone: Zone): DateTimeParts | null {
  const found = parts.exec(text);
  if (found === null) return null;
  const [, date = '', time = '', fraction = '', offset] = found;
  if (date === '' || time === '' || offset === undefined) return { date, time, fraction };
  const moment = new Date(text.replace(' ', 'T').toUpperCase());
  if (Number.isNaN(moment.getTime())) return null;
  return { ...clockParts(moment, zone), fraction };
}

/** The date and the time of a moment, in seconds. */
function clockParts(moment: Date, zone: Zone): Pick<DateTimeParts, 'date' | 'time'> {
  // The text of a shifted moment in UTC is the text of the moment in the local time zone.
  const shift = zone === 'UTC' ? 0 : moment.getTimezoneOffset() * 60_000;
  const [date = '', time = ''] = new Date(moment.getTime() - shift).toISOString().split('T');
  return { date, time: time.slice(0, 8) };
}

/** The text of a draft: `2030-01-31T12:30:05.123456`, with a Z in UTC; empty if all parts are empty. */
export function dateTimeText({ date, time, fraction }: DateTimeParts, zone: Zone): string {
  if (date === '' && time === '') return '';
  const seconds = time.length === 5 ? `${time}:00` : time;
  return `${date}T${seconds}${fraction === '' ? '' : `.${fraction}`}${zone === 'UTC' ? 'Z' : ''}`;
}

/** The name and the offset of the browser's time zone at a moment: `Europe/Berlin (UTC+01:00)`. */
export function localZoneText(moment: Date): string {
  const minutes = -moment.getTimezoneOffset();
  const [hours, rest] = [Math.trunc(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  const name = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return `${name} (UTC${minutes < 0 ? '−' : '+'}${two(hours)}:${two(rest)})`;
}

/** Whether the browser's time zone is UTC, so that there is no choice. */
export const isLocalUtc = (): boolean =>
  ['UTC', 'Etc/UTC', 'GMT'].includes(Intl.DateTimeFormat().resolvedOptions().timeZone);
