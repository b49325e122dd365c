import { describe, expect, it, vi } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { id, signedIn } from '../../../test/engine/boards.ts';
import { everything } from '../../../test/engine/operations-kit.ts';
import { useLive } from '../../../test/live/live-kit.ts';
import { Canceller } from '../../platform/cancellation.ts';

const database = useTestDatabase();
const kit = useLive(database);

const issue = (fields: string, directives = '') =>
  `type Issue @model @live ${directives} { id: ID! @id  ${fields} }`;
const plain = issue('title: String!');

const insert = (number: number, title: string, table = 'issue') =>
  `INSERT INTO "${table}" (id, title) VALUES ('${id(number)}', '${title}')`;
const titles = (...names: readonly string[]) => ({
  issues: { nodes: names.map((title) => ({ title })) },
});
const query = 'subscription { issues(orderBy: [{ title: ASC }]) { nodes { title } } }';
const stream = 'subscription { issueChanges { operation node { title } } }';

describe('after an apply', () => {
  it('a live query continues, and sends nothing if its result is the same', async () => {
    await kit.serve(plain, async (project) => {
      await project.query(insert(1, 'a'));
      const follower = await project.follow(query);
      await follower.reaches(titles('a'));
      await project.deploy(issue('title: String!  number: Int'));
      await project.query(insert(2, 'b'));
      await follower.reaches(titles('a', 'b'));
      expect(follower.frames).toHaveLength(2);
    });
  });

  it('a live query of a field that is gone ends with an error', async () => {
    await kit.serve(plain, async (project) => {
      const [follower, changes] = [await project.follow(query), await project.follow(stream)];
      await follower.reaches(titles());
      await project.deploy(issue('name: String'));
      await follower.ends();
      await changes.ends();
      for (const { frames } of [follower, changes]) {
        expect(JSON.stringify(frames.at(-1))).toMatch(/title/);
      }
    });
  });

  it('new access rules apply', async () => {
    const open = issue('title: String!', '@allow(to: [READ])');
    const closed = issue('title: String!', '@allow(to: [READ], where: { title: { eq: "b" } })');
    const user = 'type User @model @user { id: ID! @id }';
    await kit.serve(`${user} ${open}`, async (project) => {
      await project.query(`${insert(1, 'a')}; ${insert(2, 'b')}`);
      const follower = await project.follow(query, { subject: signedIn(id(1)) });
      await follower.reaches(titles('a', 'b'));
      await project.deploy(`${user} ${closed}`);
      await follower.reaches(titles('b'));
    });
  });

  it('a stream continues without missing a change, even if it was behind', async () => {
    await kit.serve(issue('title: String!  count: Int'), async (project) => {
      const slow = await project.subscribe(stream);
      const quick = await project.follow(stream);
      await project.query(insert(1, 'a'));
      await vi.waitFor(() => expect(quick.frames).toHaveLength(1), { timeout: 10_000 });
      await project.deploy(
        issue('title: String! @constraint(maxLength: 9)  number: Int @rename(from: "count")'),
      );
      await project.query(insert(2, 'b'));
      const event = (title: string) => ({
        data: { issueChanges: { operation: 'CREATED', node: { title } } },
      });
      await vi.waitFor(() => expect(quick.frames).toEqual([event('a'), event('b')]), {
        timeout: 10_000,
      });
      for (const title of ['a', 'b']) {
        expect(JSON.parse(String((await slow.next())?.json))).toEqual(event(title));
      }
      slow.close();
    });
  });

  it('subscriptions end if their model is not live any more', async () => {
    await kit.serve(plain, async (project) => {
      const [follower, changes] = [await project.follow(query), await project.follow(stream)];
      await follower.reaches(titles());
      await project.deploy('type Issue @model { id: ID! @id  title: String! }');
      project.notify();
      await follower.ends();
      await changes.ends();
    });
  });
});

describe('a project that is deleted', () => {
  it('ends its subscriptions', async () => {
    await kit.serve(plain, async (project) => {
      const [follower, changes] = [await project.follow(query), await project.follow(stream)];
      await follower.reaches(titles());
      project.forget();
      project.notify();
      await follower.fails('NOT_FOUND');
      await changes.fails('NOT_FOUND');
      await follower.ends();
      await changes.ends();
      expect(kit.subscriptions.stats()).toMatchObject({ queries: 0, streams: 0, projects: 0 });
    });
  });
});

describe('an operation that is not a subscription', () => {
  it('is refused', async () => {
    await kit.serve(plain, async (project) => {
      await expect(project.subscribe('{ issues { totalCount } }')).rejects.toMatchObject({
        code: 'GRAPHQL_VALIDATION_FAILED',
      });
    });
  });
});

describe('if the system tables have a version that the gateway cannot read', () => {
  it('subscriptions end with OVERLOADED, and new ones are refused with it', async () => {
    await kit.serve(plain, async (project) => {
      const [follower, changes] = [await project.follow(query), await project.follow(stream)];
      await follower.reaches(titles());
      await project.query(`UPDATE "$versions" SET version = version + 2`);
      await project.query(insert(1, 'a'));
      for (const each of [follower, changes]) {
        await each.fails('OVERLOADED');
        await each.ends();
      }
      const { ref } = project.names;
      const subscribing = kit.subscriptions.subscribe(
        { kind: 'member', projectId: ref, projectRef: ref, access: everything, subject: null },
        { query, operationName: null, variables: {}, extensions: {}, mayChange: true },
        { charge: () => undefined, signal: new Canceller(), patch: false },
      );
      await expect(subscribing).rejects.toMatchObject({
        code: 'OVERLOADED',
        message: expect.stringContaining('Another version of Tessera') as string,
      });
    });
  });
});
