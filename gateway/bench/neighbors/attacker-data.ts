/** The id of the board that contains the large issues. */
export const bigBoardId = '0b0a0000-0000-7000-8000-000000000001';

/** SQL that creates 100 issues of 10 kB each, and enough small issues that counting them takes a while. */
export const attackerRows = (smallIssues: number): readonly string[] => [
  `INSERT INTO board (id, key, name) VALUES ('${bigBoardId}', 'BIG', 'Big'),
     ('0b0a0000-0000-7000-8000-000000000002', 'MANY', 'Many')`,
  `INSERT INTO issue (id, number, title, body, board_id)
     SELECT uuidv7(), n, 'A long one',
       (SELECT string_agg(md5((n * 1000 + part)::text), ' ') FROM generate_series(1, 303) part), '${bigBoardId}'
     FROM generate_series(1, 100) n`,
  `INSERT INTO issue (id, number, title, body, board_id)
     SELECT uuidv7(), n, 'Issue ' || n, repeat('A line of text. ', n % 8), '0b0a0000-0000-7000-8000-000000000002'
     FROM generate_series(1, ${smallIssues}) n`,
];
