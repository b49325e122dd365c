import { describe, expect, it } from 'vitest';
import { printRules } from '../../../test/engine/print-rules.ts';
import { readModel } from '../../../test/engine/project.ts';
import type { AccessModel } from '../sdl/access-model.ts';
import { readSdl } from '../sdl/read-sdl.ts';

const design = `
type Claims @claims { role: StaffRole  orgs: [ID!] }
enum StaffRole { MODERATOR ADMIN }

type User @model @user
  @allow(to: [READ], where: { teamId: { eq: "$user.teamId" } })
  @allow(to: [READ, UPDATE], where: { id: { eq: "$user.id" } }) {
  id: ID! @id
  email: String! @unique @allow(to: [READ], where: { teamId: { eq: "$user.teamId" } })
  teamId: ID
  notes: String @private
  boards: [Board!]!
  memberships: [Membership!]!
  invitations: [Invitation!]!
  posts: [Post!]!
}
type Board @model
  @allow(to: [READ], where: { members: { some: { userId: { eq: "$user.id" } } } })
  @allow(to: [CREATE, READ, UPDATE, DELETE], where: { ownerId: { eq: "$user.id" } }) {
  id: ID! @id
  owner: User! @preset(value: "$user.id")
  members: [Membership!]!
}
type Membership @model
  @allow(to: [READ], where: { userId: { eq: "$user.id" } })
  @allow(to: [READ, CREATE, DELETE], where: { board: { ownerId: { eq: "$user.id" } } })
  @allow(to: [CREATE], where: { userId: { eq: "$user.id" }, user: { invitations: { some: { boardId: { eq: "$row.boardId" } } } } }) {
  id: ID! @id
  user: User!
  board: Board!
}
type Invitation @model {
  id: ID! @id
  user: User!
  boardId: ID!
}
type Post @model
  @allow(to: [READ], as: PUBLIC, where: { publishedAt: { lte: "$now" } })
  @allow(to: [READ, CREATE, UPDATE, DELETE], where: { author: { id: { eq: "$user.id" } } })
  @allow(to: [READ, UPDATE, DELETE], claims: { role: { in: [MODERATOR, ADMIN] } })
  @require(to: [UPDATE], where: { locked: { eq: false } }, check: {}) {
  id: ID! @id
  author: User!
  publishedAt: DateTime
  locked: Boolean! @default(value: false)
}
`;

function accessOf(sdl: string): AccessModel {
  const { access } = readModel(sdl);
  if (access === null) throw new Error('The schema has no access rules.');
  return access;
}

/** The rules of a type `A` with some fields. */
const rulesOf = (rules: string, fields = '') =>
  printRules(
    accessOf(`
type User @model @user { id: ID! @id team: Team name: String as: [A!]! }
type Team @model { id: ID! @id name: String users: [User!]! as: [A!]! }
type Claims @claims { level: Int orgs: [ID!] role: Role roles: [Role!] email: String }
enum Role { READER EDITOR }
type A @model ${rules} {
  id: ID! @id n: Int big: BigInt title: String at: DateTime day: Date tags: [String!]! role: Role data: JSON
  owner: User team: Team parent: A children: [A!]! ${fields}
}`),
  ).filter((line) => line.startsWith('A'));

const whereOf = (where: string) => {
  const [line = ''] = rulesOf(`@allow(to: READ, where: ${where})`);
  return /, where: (.*)\)$/.exec(line)?.[1] ?? line;
};

describe('readRules', () => {
  it('reads the example of the design', () => {
    expect(printRules(accessOf(design))).toMatchInlineSnapshot(`
      [
        "User @user",
        "claim role: StaffRole",
        "claim orgs: [ID!]",
        "User:6 @allow(to: [READ], as: USER, where: { teamId: { eq: "$user.teamId" } })",
        "User:7 @allow(to: [READ, UPDATE], as: USER, where: { id: { eq: "$user.id" } })",
        "User.email:9 @allow(to: [READ], as: USER, where: { teamId: { eq: "$user.teamId" } })",
        "User.notes @private",
        "Board:18 @allow(to: [READ], as: USER, where: { members: { some: { userId: { eq: "$user.id" } } } })",
        "Board:19 @allow(to: [CREATE, READ, UPDATE, DELETE], as: USER, where: { ownerId: { eq: "$user.id" } })",
        "Board.owner:21 @preset(value: "$user.id", on: [CREATE])",
        "Membership:25 @allow(to: [READ], as: USER, where: { userId: { eq: "$user.id" } })",
        "Membership:26 @allow(to: [READ, CREATE, DELETE], as: USER, where: { board: { ownerId: { eq: "$user.id" } } })",
        "Membership:27 @allow(to: [CREATE], as: USER, where: { userId: { eq: "$user.id" }, user: { invitations: { some: { boardId: { eq: "$row.boardId" } } } } })",
        "Post:38 @allow(to: [READ], as: PUBLIC, where: { publishedAt: { lte: "$now" } })",
        "Post:39 @allow(to: [READ, CREATE, UPDATE, DELETE], as: USER, where: { author: { id: { eq: "$user.id" } } })",
        "Post:40 @allow(to: [READ, UPDATE, DELETE], as: USER, claims: { role: { in: [MODERATOR, ADMIN] } })",
        "Post:41 @require(to: [UPDATE], where: { locked: { eq: false } }, check: {})",
      ]
    `);
  });

  it('returns null for a schema without the directives', () => {
    expect(readModel('type User @model { id: ID! @id }').access).toBeNull();
  });

  it.each([
    ['@user', 'type A @model @user { id: ID! @id }'],
    ['@claims', 'type C @claims { a: Int } type A @model { id: ID! @id }'],
    ['@private', 'type A @model { id: ID! @id f: Int @private }'],
    ['@preset', 'type A @model { id: ID! @id f: Int @preset(value: 1) }'],
  ])('returns rules for a schema that has only %s', (_, sdl) => {
    expect(accessOf(sdl)).not.toBeNull();
  });

  it('leaves types without rules out, and keeps the order of the others', () => {
    const access = accessOf(`
      type B @model @user { id: ID! @id }
      type C @model { id: ID! @id f: Int @private }
      type A @model @allow(to: READ) { id: ID! @id }`);
    expect(access.types.map(({ type }) => type)).toEqual(['C', 'A']);
    expect(access.userType).toBe('B');
  });

  it('reads a schema without @user and @claims', () => {
    expect(accessOf('type A @model @allow(to: READ, as: PUBLIC) { id: ID! @id }')).toEqual({
      userType: null,
      claims: [],
      claimConditions: [],
      types: [
        {
          type: 'A',
          allows: [
            {
              to: ['READ'],
              as: 'PUBLIC',
              where: null,
              check: null,
              user: null,
              claims: null,
              line: 1,
            },
          ],
          requires: [],
          fields: [],
        },
      ],
    });
  });

  it('freezes the rules, which are plain JSON', () => {
    const access = accessOf(design);
    expect(JSON.parse(JSON.stringify(access))).toEqual(access);
    const open: string[] = [];
    const visit = (value: unknown, path: string) => {
      if (typeof value !== 'object' || value === null) return;
      if (!Object.isFrozen(value)) open.push(path);
      for (const [name, inner] of Object.entries(value)) visit(inner, `${path}.${name}`);
    };
    visit(access, 'access');
    expect(open).toEqual([]);
  });

  it('reads a single operation as a list, and each operation once', () => {
    expect(rulesOf('@allow(to: READ) @allow(to: [LINK, READ, LINK], as: GUEST)')).toEqual([
      'A:6 @allow(to: [READ], as: USER)',
      'A:6 @allow(to: [LINK, READ], as: GUEST)',
    ]);
  });

  it('treats filters without conditions as absent, except for check and user', () => {
    expect(
      rulesOf(
        '@allow(to: UPDATE, where: {}, check: {}, user: {}, claims: {}) @require(to: UPDATE)',
      ),
    ).toEqual([
      'A:6 @allow(to: [UPDATE], as: USER, check: {}, user: {})',
      'A:6 @require(to: [UPDATE])',
    ]);
  });

  it('notes equal conditions on claims once', () => {
    const claims = 'claims: { level: { gte: 2 }, roles: { hasSome: [EDITOR] } }';
    const sdl = `type Claims @claims { level: Int roles: [Role!] } enum Role { READER EDITOR }
      type A @model @allow(to: READ, ${claims}) @require(to: READ, claims: { not: { level: { eq: 5 } } })
      @allow(to: READ, ${claims}) { id: ID! @id f: Int @allow(to: READ, ${claims}) }`;
    const { claimConditions, types } = accessOf(sdl);
    expect(claimConditions).toHaveLength(2);
    expect(types[0]?.allows.map((rule) => rule.claims)).toEqual([0, 0]);
    expect(types[0]?.requires.map((rule) => rule.claims)).toEqual([1]);
    expect(types[0]?.fields[0]?.allows.map((rule) => rule.claims)).toEqual([0]);
    expect(
      rulesOf(
        '@allow(to: READ, claims: { or: { role: { in: [EDITOR] }, email: { like: "a%" } } })',
      ),
    ).toEqual([
      'A:6 @allow(to: [READ], as: USER, claims: { or: [{ role: { in: [EDITOR] }, email: { like: "a%" } }] })',
    ]);
  });

  it('does not treat an enum that only claims have as a part of the API', () => {
    const sdl = `type Claims @claims { role: Role } enum Role { A B }
      type RoleFilter @model @allow(to: READ, claims: { role: { eq: A } }) { id: ID! @id }`;
    expect(accessOf(sdl).claims).toEqual([
      { name: 'role', type: { kind: 'ENUM', name: 'Role' }, list: false },
    ]);
  });
});

describe('a row filter', () => {
  it.each([
    [
      'operators',
      '{ title: { ilike: "a_%", mode: INSENSITIVE }, n: { in: [1, 2], isNull: false } }',
    ],
    ['combinations', '{ or: [{ n: { gt: 1 } }, {}], and: [], not: { not: { n: { lt: 2 } } } }'],
    ['relations', '{ owner: { team: { name: { eq: "x" } } }, parent: {} }'],
    ['quantifiers', '{ children: { some: {}, every: { n: { eq: 1 } }, none: { parent: {} } } }'],
    ['JSON', '{ data: { contains: {a: [1, {b: null}]}, hasKey: "a" } }'],
    ['lists', '{ tags: { has: "$user.name", hasEvery: ["a"], isEmpty: false } }'],
    ['references to users', '{ ownerId: { eq: "$user.id" }, teamId: { neq: "$user.teamId" } }'],
    ['references to claims', '{ n: { lte: "$claims.level" }, teamId: { in: "$claims.orgs" } }'],
    ['references to enums', '{ role: { in: "$claims.roles", eq: "$claims.role" } }'],
    [
      'references to the row',
      '{ children: { some: { n: { gt: "$row.n" }, ownerId: { eq: "$row.ownerId" } } } }',
    ],
    ['the row in nested relations', '{ owner: { as: { none: { id: { neq: "$row.id" } } } } }'],
    ['the time', '{ at: { lte: "$now" }, day: { gt: "$now" } }'],
    ['texts that begin with a dollar', '{ title: { in: ["$$5", "5$"], startsWith: "$$" } }'],
    ['the rules of another type', '{ team: { or: [{ _can: READ }, { name: { eq: "x" } }] } }'],
  ])('has %s', (_, where) => {
    expect(whereOf(where)).toBe(where);
  });

  it('reads a single item of a list as a list', () => {
    expect(whereOf('{ or: { n: { eq: 1 } } }')).toBe('{ or: [{ n: { eq: 1 } }] }');
    expect(whereOf('{ n: { in: 1 } }')).toBe('{ n: { in: 1 } }');
  });

  it('stores texts without a second dollar and without block quotes', () => {
    const access = accessOf(
      'type A @model @allow(to: READ, where: { t: { eq: """$$5""" } }) { id: ID! @id t: String }',
    );
    expect(JSON.stringify(access)).toContain(JSON.stringify({ kind: 'LITERAL', literal: '"$5"' }));
  });

  it('filters the row of the caller in `user`', () => {
    expect(
      rulesOf('@allow(to: READ, user: { team: { users: { some: { id: { neq: "$user.id" } } } } })'),
    ).toEqual([
      'A:6 @allow(to: [READ], as: USER, user: { team: { users: { some: { id: { neq: "$user.id" } } } } })',
    ]);
  });

  it('compares rows related to the caller with the row of the rule', () => {
    const user = '{ team: { as: { some: { parentId: { eq: "$row.id" } } } } }';
    expect(rulesOf(`@allow(to: READ, user: ${user})`)).toEqual([
      `A:6 @allow(to: [READ], as: USER, user: ${user})`,
    ]);
  });

  it('goes through four relations, and reuses rules within them', () => {
    const sdl = (hops: string) => `
      type A @model @allow(to: READ, where: { b: { _can: READ } }) { id: ID! @id b: B! }
      type B @model @allow(to: READ, where: ${hops}) { id: ID! @id c: C! as: [A!]! }
      type C @model { id: ID! @id c: C n: Int bs: [B!]! }`;
    expect(readSdl(sdl('{ c: { c: { c: { n: { eq: 1 } } } } }')).ok).toBe(true);
    expect(readSdl(sdl('{ c: { c: { c: { c: { n: { eq: 1 } } } } } }')).ok).toBe(false);
  });
});

describe('the rules of fields', () => {
  it('are read with the presets and private fields', () => {
    expect(
      rulesOf(
        '@allow(to: [READ, CREATE, UPDATE])',
        `a: Int @allow(to: [READ], where: { n: { gt: 1 } }) @allow(to: [UPDATE], claims: { level: { eq: 1 } })
        b: String @private @preset(value: "$$x", on: [CREATE, UPDATE])
        c: [String!]! @preset(value: ["a", "b"])
        d: Role @preset(value: EDITOR) @allow(to: READ)
        e: DateTime @preset(value: "$now", on: UPDATE)
        f: Role @preset(value: "$claims.role")
        org: ID @preset(value: "$user.teamId")`,
      ),
    ).toEqual([
      'A:6 @allow(to: [READ, CREATE, UPDATE], as: USER)',
      'A.a:8 @allow(to: [READ], as: USER, where: { n: { gt: 1 } })',
      'A.a:8 @allow(to: [UPDATE], as: USER, claims: { level: { eq: 1 } })',
      'A.b:9 @preset(value: "$$x", on: [CREATE, UPDATE])',
      'A.b @private',
      'A.c:10 @preset(value: ["a", "b"], on: [CREATE])',
      'A.d:11 @allow(to: [READ], as: USER)',
      'A.d:11 @preset(value: EDITOR, on: [CREATE])',
      'A.e:12 @preset(value: "$now", on: [UPDATE])',
      'A.f:13 @preset(value: "$claims.role", on: [CREATE])',
      'A.org:14 @preset(value: "$user.teamId", on: [CREATE])',
    ]);
  });

  it('can depend on claims for relations', () => {
    const sdl = `type Claims @claims { level: Int }
      type A @model @allow(to: READ) { id: ID! @id parent: A @allow(to: READ, as: PUBLIC, claims: { level: { gt: 1 } }) }`;
    expect(readSdl(sdl).ok).toBe(true);
  });
});

describe('the preset of a relation', () => {
  it.each([
    ['the key of the user', 'owner: User! @preset(value: "$user.id")', true],
    ['a relation of the user', 'team: Team! @preset(value: "$user.teamId")', true],
    ['a claim', 'team: Team! @preset(value: "$claims.org")', true],
    [
      'another unique field of the user',
      'owner: User! @relation(references: "email") @preset(value: "$user.email")',
      true,
    ],
    ['another field of the user', 'team: Team! @preset(value: "$user.other")', false],
    [
      'the key, if the relation references another field',
      'owner: User! @relation(references: "other") @preset(value: "$user.id")',
      false,
    ],
  ])('is %s', (_, field, ok) => {
    const sdl = `type Claims @claims { org: ID }
      type User @model @user { id: ID! @id email: String! @unique other: ID! @unique team: Team }
      type Team @model { id: ID! @id }
      type A @model @allow(to: CREATE) { id: ID! @id ${field} }`;
    expect(readSdl(sdl).ok).toBe(ok);
  });

  it('can be a part of the key', () => {
    const sdl = `type User @model @user { id: ID! @id }
      type Like @model @id(fields: ["user", "no"]) @allow(to: [CREATE]) { user: User! @preset(value: "$user.id") no: Int! }`;
    expect(readSdl(sdl).ok).toBe(true);
  });
});
