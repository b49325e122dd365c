import { defineConfig } from 'prisma/config';

// The configuration for `prisma generate` and for editors. The gateway applies migrations itself at startup
// (docs/decisions), in a way that is compatible with `prisma migrate deploy`.
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
