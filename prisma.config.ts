import { defineConfig } from 'prisma/config';

// `prisma generate` and the editor's tooling read this. Migrations are applied by the gateway's own
// runner at start (docs/decisions), in a way that `prisma migrate deploy` agrees with.
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
