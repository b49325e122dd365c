// PostGraphile 5 on a project's tables, with the common plugins for filters and aggregates. Needs Node 22. Run as
// `postgraphile.mjs <database url> <PostgreSQL schema> <connections>`. Prints its port.
import { createServer } from 'node:http';

import { PgAggregatesPreset } from '@graphile/pg-aggregates';
import { postgraphile } from 'postgraphile';
import { PostGraphileConnectionFilterPreset } from 'postgraphile-plugin-connection-filter';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';

const [, , connectionString, schema, connections] = process.argv;

const instance = postgraphile({
  extends: [PostGraphileAmberPreset, PostGraphileConnectionFilterPreset, PgAggregatesPreset],
  pgServices: [
    makePgService({
      connectionString,
      schemas: [schema],
      poolConfig: { max: Number(connections) },
    }),
  ],
  grafserv: { graphqlPath: '/graphql', graphiql: false, websockets: false, watch: false },
  grafast: { explain: false },
});
const server = createServer();
await instance.createServ(grafserv).addTo(server);
// Reads the schema from the database before the first request.
await instance.getSchema();
server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
