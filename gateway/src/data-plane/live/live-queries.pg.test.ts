import { describe, expect, it } from 'vitest';
import { useTestDatabase } from '../../../test/database.ts';
import { ann, bob, id, signedIn } from '../../../test/engine/boards.ts';
import { useLive, type LiveProject } from '../../../test/live/live-kit.ts';

const database = useTestDatabase();
const kit = useLive(database);

const sdl = `
  type User @model @user @live { id: ID! @id  name: String!  memberships: [Membership!]! }
  type Board @model @live
    @allow(to: [READ], where: { memberships: { some: { user: { id: { eq: "$user.id" } } } } })
  { id: ID! @id  name: String!  memberships: [Membership!]!  issues: [Issue!]! }
  type Membership @model @live @allow(to: [READ]) {
    id: ID! @id  board: Board! @relation(onDelete: CASCADE)  user: User! @relation(onDelete: CASCADE)
  }
  type Issue @model @live
    @allow(to: [READ], where: { board: { memberships: { some: { user: { id: { eq: "$user.id" } } } } } })
  { id: ID! @id  title: String!  number: Int  board: Board! @relation(onDelete: CASCADE) }
`;

/** Ann and Bob, the boards 10 and 11 with one issue each, and Bob's membership 15 of board 10. */
async function withBoards<T>(work: (project: LiveProject) => Promise<T>): Promise<T> {
  return kit.serve(sdl, async (project) => {
    await project.query(`
      INSERT INTO "user" (id, name) VALUES ('${ann}', 'Ann'), ('${bob}', 'Bob');
      INSERT INTO board (id, name) VALUES ('${id(10)}', 'ten'), ('${id(11)}', 'eleven');
      INSERT INTO membership (id, board_id, user_id) VALUES ('${id(15)}', '${id(10)}', '${bob}');
      INSERT INTO issue (id, title, board_id) VALUES ('${id(20)}', 'twenty', '${id(10)}'), ('${id(21)}', 'more', '${id(11)}')`);
    return work(project);
  });
}

const issues = 'subscription { issues(orderBy: [{ title: ASC }]) { nodes { title } totalCount } }';
const titles = (...names: readonly string[]) => ({
  issues: { nodes: names.map((title) => ({ title })), totalCount: names.length },
});

describe('a live query', () => {
  it('follows changes by the API, by SQL and by cascades', async () => {
    await withBoards(async (project) => {
      const follower = await project.follow(issues);
      await follower.reaches(titles('more', 'twenty'));
      await project.ask(
        `mutation { updateIssue(where: { id: "${id(20)}" }, data: { title: "second" }) { id } }`,
      );
      await follower.reaches(titles('more', 'second'));
      await project.query(`UPDATE issue SET title = 'first' WHERE id = '${id(21)}'`);
      await follower.reaches(titles('first', 'second'));
      await project.query(`DELETE FROM board WHERE id = '${id(11)}'`);
      await follower.reaches(titles('second'));
      await project.query('TRUNCATE issue');
      await follower.reaches(titles());
    });
  });

  it('shows what the access rules permit at the time', async () => {
    await withBoards(async (project) => {
      const ofBob = await project.follow(issues, { subject: signedIn(bob) });
      const ofAnn = await project.follow(issues, { subject: signedIn(ann) });
      await ofBob.reaches(titles('twenty'));
      await ofAnn.reaches(titles());
      await project.query(
        `UPDATE membership SET user_id = '${ann}', board_id = '${id(11)}' WHERE id = '${id(15)}'`,
      );
      await ofAnn.reaches(titles('more'));
      await ofBob.reaches(titles());
      await project.query(`DELETE FROM "user" WHERE id = '${ann}'`);
      await ofAnn.reaches(titles());
    });
  });

  it.each([
    'boardId: { eq: $board }',
    'board: { id: { eq: $board } }',
    'board: { memberships: { every: { id: { neq: $board } } }, id: { eq: $board } }',
  ])('does not run for changes that cannot affect it: %s', async (where) => {
    await withBoards(async (project) => {
      const text = `subscription ($board: ID!) { issues(where: { ${where} }) { totalCount } }`;
      const boards = await Promise.all(
        [10, 11, 12, 13].map((board) => project.follow(text, { variables: { board: id(board) } })),
      );
      const counts = (...all: readonly number[]) =>
        Promise.all(
          boards.map((follower, index) => follower.reaches({ issues: { totalCount: all[index] } })),
        );
      await counts(1, 1, 0, 0);
      const before = kit.subscriptions.stats().scheduler.rows;
      await project.query(
        `INSERT INTO issue (id, title, board_id) VALUES ('${id(22)}', 'new', '${id(10)}')`,
      );
      await counts(2, 1, 0, 0);
      expect(kit.subscriptions.stats().scheduler.rows - before).toBe(1);
      await project.query(`UPDATE issue SET board_id = '${id(11)}' WHERE id = '${id(22)}'`);
      await counts(1, 2, 0, 0);
      expect(kit.subscriptions.stats().scheduler.rows - before).toBe(3);
    });
  });

  it('sends nothing if its result is the same', async () => {
    await withBoards(async (project) => {
      const text = 'subscription { issues(orderBy: [{ title: ASC }]) { nodes { title } } }';
      const follower = await project.follow(text);
      const nodes = (...names: readonly string[]) => ({
        issues: { nodes: names.map((title) => ({ title })) },
      });
      await follower.reaches(nodes('more', 'twenty'));
      await project.query('UPDATE issue SET number = 1');
      await project.query(`UPDATE issue SET title = 'x' WHERE id = '${id(20)}'`);
      await follower.reaches(nodes('more', 'x'));
      expect(follower.frames).toHaveLength(2);
    });
  });

  it('sends only the latest result to a slow client', async () => {
    await withBoards(async (project) => {
      const slow = await project.subscribe(issues);
      const quick = await project.follow(issues);
      expect(JSON.parse(String((await slow.next())?.json))).toEqual({
        data: titles('more', 'twenty'),
      });
      for (const title of ['a', 'b', 'c']) {
        await project.query(`UPDATE issue SET title = '${title}' WHERE id = '${id(20)}'`);
        await quick.reaches(titles(...[title, 'more'].sort()));
      }
      expect(JSON.parse(String((await slow.next())?.json))).toEqual({ data: titles('c', 'more') });
      slow.close();
      expect(await slow.next()).toBeNull();
    });
  });

  it('sends patches that lead to the same state', async () => {
    await withBoards(async (project) => {
      await project.query(
        `INSERT INTO issue (id, title, board_id) SELECT gen_random_uuid(), 'issue ' || lpad(n::text, 2, '0'), '${id(10)}' FROM generate_series(1, 30) AS n`,
      );
      const full = await project.follow(issues);
      const patched = await project.follow(issues, { patch: true });
      for (const statement of [
        `UPDATE issue SET title = 'issue 05 b' WHERE title = 'issue 05'`,
        `DELETE FROM issue WHERE title = 'issue 20'`,
        `INSERT INTO issue (id, title, board_id) VALUES (gen_random_uuid(), 'a', '${id(10)}')`,
        `UPDATE issue SET title = 'z' WHERE title = 'issue 01'`,
      ]) {
        const before = JSON.stringify(full.state);
        await project.query(statement);
        await expect.poll(() => JSON.stringify(full.state)).not.toBe(before);
        await patched.reaches(full.state);
      }
      expect(patched.patches).toBeGreaterThan(2);
      expect(full.patches).toBe(0);
    });
  });
});
