import { expect, it } from 'vitest';

import { useTestDatabase } from '../../../test/database.ts';
import { seedTenant } from '../../../test/tenant.ts';
import { createUsagePurge } from './retention.ts';

const database = useTestDatabase();

it('deletes exactly the days that can no longer be queried', async () => {
  const { project, key } = await seedTenant(database.prisma);
  const days = ['2028-12-26', '2028-12-27', '2028-12-28', '2030-01-31'].map((day) => new Date(day));
  const counts = { requests: 1, errors: 0 };
  await database.prisma.projectUsageDay.createMany({
    data: days.map((day) => ({ projectId: project.id, day, ...counts })),
  });
  await database.prisma.apiKeyUsageDay.createMany({
    data: days.map((day) => ({ apiKeyId: key.id, day, ...counts })),
  });
  // The last of 400 days is 399 days ago: 2028-12-28.
  const purge = createUsagePurge({
    db: database.prisma,
    clock: () => new Date('2030-01-31T12:00:00Z'),
  });
  expect(await purge()).toBe(4);
  expect(await purge()).toBe(0);
  const left = await database.prisma.projectUsageDay.findMany({ orderBy: { day: 'asc' } });
  expect(left.map(({ day }) => day)).toEqual(days.slice(2));
  expect(await database.prisma.apiKeyUsageDay.count()).toBe(2);
});
