import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { readValue } from '#console/domain/models/values.ts';

import { dateTimeParts, dateTimeText, localZoneText } from './date-time-parts.ts';

const moment = '2030-01-31T23:30:05.123456Z';

describe('the inputs for a DateTime', () => {
  beforeEach(() => {
    vi.stubEnv('TZ', 'Europe/Berlin');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('show a value in the local time zone or in UTC', () => {
    expect(dateTimeParts(moment, 'LOCAL')).toEqual({
      date: '2030-02-01',
      time: '00:30:05',
      fraction: '123456',
    });
    expect(dateTimeParts(moment, 'UTC')).toEqual({
      date: '2030-01-31',
      time: '23:30:05',
      fraction: '123456',
    });
    expect(localZoneText(new Date(moment))).toBe('Europe/Berlin (UTC+01:00)');
    expect(localZoneText(new Date('2030-07-01T00:00:00Z'))).toBe('Europe/Berlin (UTC+02:00)');
  });

  it.each(['LOCAL', 'UTC'] as const)('keep the microseconds of a changed value (%s)', (zone) => {
    const parts = dateTimeParts(moment, zone);
    const text = dateTimeText({ ...(parts ?? expect.fail()), time: '12:00' }, zone);
    expect(readValue({ kind: 'SCALAR', name: 'DateTime' }, text)).toEqual({
      isOk: true,
      value: zone === 'UTC' ? '2030-01-31T12:00:00.123456Z' : '2030-02-01T11:00:00.123456Z',
    });
  });

  it.each(['LOCAL', 'UTC'] as const)('can be filled one after the other (%s)', (zone) => {
    const parts = { date: '2030-01-31', time: '', fraction: '' };
    const incomplete = dateTimeText(parts, zone);
    expect(dateTimeParts(incomplete, zone)).toEqual(parts);
    expect(readValue({ kind: 'SCALAR', name: 'DateTime' }, incomplete).isOk).toBe(false);
    const onlyTime = { date: '', time: '10:15:00', fraction: '' };
    expect(dateTimeParts(dateTimeText(onlyTime, zone), zone)).toEqual(onlyTime);
    expect(dateTimeText({ date: '', time: '', fraction: '5' }, zone)).toBe('');
  });

  it('do not show text in another format', () => {
    expect(dateTimeParts('tomorrow', 'LOCAL')).toBeNull();
  });
});
