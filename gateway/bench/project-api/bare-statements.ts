// Hand-written equivalents of the statements that the project API compiles. Each request is one statement, whose single
// column contains the root field's JSON. Lists are ordered by id only where their order would otherwise be ambiguous.
import type { RequestKind } from './shapes.ts';

export interface BareStatement {
  /** Name of the root field, which precedes the column's value in the response. */
  readonly field: string;
  readonly text: string;
  readonly values: (variables: Readonly<Record<string, unknown>>) => unknown[];
}

const data = (variables: Readonly<Record<string, unknown>>) =>
  // The load generator always sends an object.
  variables['data'] as Readonly<Record<string, unknown>>;

export const bareStatements: Readonly<Record<RequestKind, BareStatement>> = {
  a: {
    field: 'issue',
    text: `SELECT row_to_json(r) AS json FROM (
        SELECT id, number, title, status, estimate::text AS estimate, created_at AS "createdAt"
        FROM issue WHERE id = $1) r`,
    values: ({ id }) => [id],
  },
  b: {
    field: 'issues',
    text: `SELECT row_to_json(c) AS json FROM (
        SELECT coalesce(json_agg(row_to_json(r)), '[]') AS nodes FROM (
          SELECT id, number, title, status, created_at AS "createdAt"
          FROM issue WHERE board_id = $1 AND status = $2 ORDER BY created_at DESC, id LIMIT 20) r) c`,
    values: ({ board, status }) => [board, status],
  },
  c: {
    field: 'boards',
    text: `SELECT row_to_json(c0) AS json FROM (
        SELECT coalesce(json_agg(row_to_json(r0)), '[]') AS nodes FROM (
          SELECT b.id, b.name, (SELECT row_to_json(c1) FROM (
            SELECT coalesce(json_agg(row_to_json(r1)), '[]') AS nodes FROM (
              SELECT i.id, i.title, i.status, (SELECT row_to_json(c2) FROM (
                SELECT coalesce(json_agg(row_to_json(r2)), '[]') AS nodes FROM (
                  SELECT m.id, m.text FROM comment m
                  WHERE m.issue_id = i.id ORDER BY m.id LIMIT 5) r2) c2) AS comments
              FROM issue i WHERE i.board_id = b.id ORDER BY i.number DESC LIMIT 10) r1) c1) AS issues
          FROM board b WHERE b.id = ANY ($1) ORDER BY b.key LIMIT 10) r0) c0`,
    values: ({ ids }) => [ids],
  },
  d: {
    field: 'issues',
    text: `SELECT row_to_json(r) AS json FROM (
        SELECT count AS "totalCount", (SELECT row_to_json(a) FROM (SELECT
            (SELECT row_to_json(s) FROM (SELECT sum AS estimate) s) AS sum,
            (SELECT row_to_json(s) FROM (SELECT avg AS estimate) s) AS avg,
            (SELECT row_to_json(s) FROM (SELECT max AS number) s) AS max) a) AS aggregate
        FROM (
          SELECT count(*), sum(estimate)::text, trim_scale(avg(estimate))::text AS avg, max(number)
          FROM issue WHERE board_id = $1 AND status = $2) f) r`,
    values: ({ board, status }) => [board, status],
  },
  e: {
    field: 'createIssue',
    text: `WITH r AS (
        INSERT INTO issue (board_id, number, title, status, estimate) VALUES ($1, $2, $3, $4, $5)
        RETURNING id, number, title, status, created_at AS "createdAt")
      SELECT row_to_json(r) AS json FROM r`,
    values: (variables) => {
      const { boardId, number, title, status, estimate } = data(variables);
      return [boardId, number, title, status, estimate];
    },
  },
  big: {
    field: 'issues',
    text: `SELECT row_to_json(c) AS json FROM (
        SELECT coalesce(json_agg(row_to_json(r)), '[]') AS nodes FROM (
          SELECT id, body FROM issue WHERE board_id = $1 ORDER BY number LIMIT 100) r) c`,
    values: ({ board }) => [board],
  },
};
