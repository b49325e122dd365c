import { expect, it } from 'vitest';
import { readFile } from 'node:fs/promises';
import { useTestDatabase } from '../../../../test/database.ts';
import { useMutations } from '../../../../test/engine/mutations.ts';
const database = useTestDatabase();
const tracker = await readFile('/work/main/gateway/test/examples/tracker.graphql', 'utf8');
const project = useMutations(database, tracker);
async function show(text: string, variables = {}) {
  const p = project();
  p.runner.statements.length = 0;
  try {
    console.log(JSON.stringify(await p.mutate(text, variables)));
  } catch (e: any) {
    console.log(
      'ERR',
      e.code,
      e.message,
      JSON.stringify(e.issues),
      e.fields,
      e.path,
      e.code === undefined || e.name !== 'RequestError' ? e.stack : '',
      e.position,
    );
  }
  for (const s of p.runner.statements)
    console.log(
      '   ',
      s.text.replaceAll(p.names.schema, 'p'),
      JSON.stringify(s.values).slice(0, 300),
    );
}
it('smoke', async () => {
  await show(`mutation { createBoard(data: {key: "AB", name: "x"}) { id key name } }`);
  await show(
    `mutation { createBoard(data: {key: "ABC", name: "x", issues: {create: [{number: 1, title: "a", labels: {create: [{name: "l1"}], connect: []}}, {number: 2, title: "b", tags: ["x","y\\"z"], meta: {a: 1}, estimate: "1.50"}]}}) { id key issues(orderBy: [{number: ASC}]) { nodes { number title tags meta estimate labels { nodes { name } } } } } }`,
  );
  await show(
    `mutation { createIssue(data: {number: 3, title: "c", board: {connect: {key: "AB"}}, labels: {connect: [{name: "l1"}]}, children: {connect: [{board_number: {boardId: "00000000-0000-4000-8000-000000000000", number: 3}}]}}) { id } }`,
  );
  await show(
    `mutation { createIssue(data: {number: 3, title: "c", board: {connect: {key: "AB"}}, labels: {connect: [{name: "l1"}]}}) { id number board { key issues { totalCount } } } }`,
  );
  await show(
    `mutation { updateIssues(where: {}, data: {title: "same", labels: {connect: [{name: "l1"}], create: [{name: "l2"}]}, comments: {create: [{text: "hi", author: {create: {email: "a@b.c", name: "A"}}}]}}, atMost: 10) { count nodes { number title labels { nodes { name } } comments { nodes { text } } } } }`,
  );
  await show(
    `mutation { updateIssues(where: {number: {eq: 1}}, data: {title: "same", labels: {connect: [{name: "l1"}], create: [{name: "l2"}]}, comments: {create: [{text: "hi", author: {create: {email: "a@b.c", name: "A"}}}]}}, atMost: 10) { count nodes { number title labels { nodes { name } } comments { nodes { text author { name } } } } } }`,
  );
  await show(
    `mutation { updateIssues(where: {}, data: {title: "same"}) { count nodes { number title } } }`,
  );
  await show(
    `mutation { updateIssues(where: {}, data: {title: "same2"}, atMost: 5) { count nodes { number title } } }`,
  );
  await show(
    `mutation { updateIssues(where: {}, data: {title: "same2", assignee: {create: {email: "n@b.c", name: "N"}}}, atMost: 5) { count nodes { number title assignee { email } } } }`,
  );
  await show(
    `mutation { updateBoard(where: {key: "AB"}, data: {issues: {connect: [{id: "00000000-0000-4000-8000-000000000000"}]}}) { key } }`,
  );
  await show(
    `mutation { upsertLabel(where: {name: "l9"}, create: {name: "l9"}, update: {name: "l9b"}) { name } }`,
  );
  await show(
    `mutation { upsertLabel(where: {name: "l9"}, create: {name: "l9"}, update: {name: "l9b"}) { name } }`,
  );
  await show(
    `mutation { upsertLabel(where: {name: "l9b"}, create: {name: "l9"}, update: {name: "l9c", issues: {set: []}}) { name issues { totalCount } } }`,
  );
  await show(
    `mutation { upsertLabel(where: {name: "zz"}, create: {name: "l1"}, update: {name: "l9c", issues: {set: []}}) { name issues { totalCount } } }`,
  );
  await show(`mutation { deleteUser(where: {email: "a@b.c"}) { name comments { totalCount } } }`);
  await show(`mutation { deleteBoard(where: {key: "ABC"}) { name issues { nodes { number } } } }`);
  await show(
    `mutation { createIssue(data: {number: 3, title: "", estimate: "-1", status: null, board: {connect: {key: "AB"}}, boardId: "00000000-0000-4000-8000-000000000000"}) { id } b: createUser(data: {email: "x", name: "a\\u0000"}) { id } }`,
  );
  await show(
    `mutation { createIssue(data: {number: 3, title: "x", board: {connect: {id: "00000000-0000-4000-8000-000000000000"}}}) { id } }`,
  );
  await show(
    `mutation { createIssue(data: {number: 3, title: "x", boardId: "00000000-0000-4000-8000-000000000000"}) { id } }`,
  );
  await show(`mutation { createLabel(data: {name: "l1"}) { id } }`);
  await show(
    `mutation { createLabels(data: [{name: "l1"}, {name: "m1"}], skipDuplicates: true) { count nodes { name } } }`,
  );
  await show(
    `mutation { deleteLabels(where: {}, atMost: 100) { count nodes { name issues { totalCount } } } }`,
  );
  await show(`mutation { updateBoard(where: {key: "none"}, data: {}) { key } }`);
  await show(
    `mutation { a: createLabel(data: {name: "l1"}) { id } __typename deleteLabel(where: {name: "l1"}) { name } }`,
  );
  expect(1).toBe(1);
});
