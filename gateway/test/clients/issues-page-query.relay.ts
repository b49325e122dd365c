// The output of relay-compiler 21 for `IssuesPage` and the tracker's printed API. Clients also commit such files.
/**
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
export type issuesPageQuery$variables = {
  after?: string | null | undefined;
  first: number;
};
export type issuesPageQuery$data = {
  readonly issues: {
    readonly edges: ReadonlyArray<{
      readonly node: {
        readonly id: string;
        readonly number: number;
        readonly title: string;
      };
    }>;
  };
};
type issuesPageQuery = {
  response: issuesPageQuery$data;
  variables: issuesPageQuery$variables;
};

const node: ConcreteRequest = (function () {
  var v0 = {
      defaultValue: null,
      kind: 'LocalArgument',
      name: 'after',
    },
    v1 = {
      defaultValue: null,
      kind: 'LocalArgument',
      name: 'first',
    },
    v2 = {
      kind: 'Literal',
      name: 'orderBy',
      value: [
        {
          number: 'ASC',
        },
      ],
    },
    v3 = [
      {
        alias: null,
        args: null,
        concreteType: 'IssueEdge',
        kind: 'LinkedField',
        name: 'edges',
        plural: true,
        selections: [
          {
            alias: null,
            args: null,
            concreteType: 'Issue',
            kind: 'LinkedField',
            name: 'node',
            plural: false,
            selections: [
              {
                alias: null,
                args: null,
                kind: 'ScalarField',
                name: 'id',
                storageKey: null,
              },
              {
                alias: null,
                args: null,
                kind: 'ScalarField',
                name: 'number',
                storageKey: null,
              },
              {
                alias: null,
                args: null,
                kind: 'ScalarField',
                name: 'title',
                storageKey: null,
              },
              {
                alias: null,
                args: null,
                kind: 'ScalarField',
                name: '__typename',
                storageKey: null,
              },
            ],
            storageKey: null,
          },
          {
            alias: null,
            args: null,
            kind: 'ScalarField',
            name: 'cursor',
            storageKey: null,
          },
        ],
        storageKey: null,
      },
      {
        alias: null,
        args: null,
        concreteType: 'PageInfo',
        kind: 'LinkedField',
        name: 'pageInfo',
        plural: false,
        selections: [
          {
            alias: null,
            args: null,
            kind: 'ScalarField',
            name: 'endCursor',
            storageKey: null,
          },
          {
            alias: null,
            args: null,
            kind: 'ScalarField',
            name: 'hasNextPage',
            storageKey: null,
          },
        ],
        storageKey: null,
      },
    ],
    v4 = [
      {
        kind: 'Variable',
        name: 'after',
        variableName: 'after',
      },
      {
        kind: 'Variable',
        name: 'first',
        variableName: 'first',
      },
      v2 /*:: as any*/,
    ];
  return {
    fragment: {
      argumentDefinitions: [v0 /*:: as any*/, v1 /*:: as any*/],
      kind: 'Fragment',
      metadata: null,
      name: 'issuesPageQuery',
      selections: [
        {
          alias: 'issues',
          args: [v2 /*:: as any*/],
          concreteType: 'IssueConnection',
          kind: 'LinkedField',
          name: '__page_issues_connection',
          plural: false,
          selections: v3 /*:: as any*/,
          storageKey: '__page_issues_connection(orderBy:[{"number":"ASC"}])',
        },
      ],
      type: 'Query',
      abstractKey: null,
    },
    kind: 'Request',
    operation: {
      argumentDefinitions: [v1 /*:: as any*/, v0 /*:: as any*/],
      kind: 'Operation',
      name: 'issuesPageQuery',
      selections: [
        {
          alias: null,
          args: v4 /*:: as any*/,
          concreteType: 'IssueConnection',
          kind: 'LinkedField',
          name: 'issues',
          plural: false,
          selections: v3 /*:: as any*/,
          storageKey: null,
        },
        {
          alias: null,
          args: v4 /*:: as any*/,
          filters: ['orderBy'],
          handle: 'connection',
          key: 'page_issues',
          kind: 'LinkedHandle',
          name: 'issues',
        },
      ],
    },
    params: {
      cacheID: 'a9a39b78da0676c544e049150fb754fa',
      id: null,
      metadata: {
        connection: [
          {
            count: 'first',
            cursor: 'after',
            direction: 'forward',
            path: ['issues'],
          },
        ],
      },
      name: 'issuesPageQuery',
      operationKind: 'query',
      text: 'query issuesPageQuery(\n  $first: Int!\n  $after: Cursor\n) {\n  issues(first: $first, after: $after, orderBy: [{number: ASC}]) {\n    edges {\n      node {\n        id\n        number\n        title\n        __typename\n      }\n      cursor\n    }\n    pageInfo {\n      endCursor\n      hasNextPage\n    }\n  }\n}\n',
    },
  };
})();

(node as any).hash = 'be5854ef18dcf3195e83e64224262f4b';

export default node;
