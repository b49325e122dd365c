import { createHash } from 'node:crypto';

import { html } from './html.ts';
import type { RequestScope } from './request-scope.ts';
import { contentSecurityPolicy, ownFilesOnly } from './security-headers.ts';
import { createAssetSender, type SendAsset, type StaticAsset } from './static-assets.ts';

/** Serves GraphiQL, a GraphQL editor for the browser. All of its files are served by the gateway. */
export interface Graphiql {
  /** The page for the management API. */
  managementPage(scope: RequestScope): Promise<void>;
  /**
   * The page for a project's API, shown if the console is not built. It is the same for every ref, whether or not the
   * project exists.
   */
  projectPage(scope: RequestScope): Promise<void>;
  /** Returns the file at a path below `/graphiql/`, or null if it does not exist. */
  asset(path: string): Promise<SendAsset | null>;
}

/** The path prefix of the files. */
export const graphiqlPrefix = '/graphiql/';

/** The editor creates style elements without a hash or nonce. Scripts are separate files. */
const policy = contentSecurityPolicy({
  ...ownFilesOnly,
  'style-src': ["'self'", "'unsafe-inline'"],
  'font-src': ["'self'", 'data:'],
  'worker-src': ["'self'"],
});

const managementQuery = `# The management API of this server.
#
# To authenticate, add an API key under
# "Headers" below, or an access token from
# "login" with tokenDelivery: BODY:
#
#   { "Authorization": "Bearer …" }

{
  viewer {
    name
    email
  }
  currentApiKey {
    name
    scopes
  }
}
`;

const projectQuery = `# This project's API.
#
# Under "Headers" below, add one of the
# project's API keys or the access token of
# a member. Then press "Re-fetch GraphQL
# schema" on the left. API keys need the
# scope schema.read to load the schema.

{
  __typename
}
`;

const projectHeaders = `{
  "Authorization": "Bearer paste-an-API-key-here"
}
`;

/** Creates the GraphiQL handlers. The bundle, about 9 MB, is loaded when a page or file is first requested. */
export function createGraphiql(): Graphiql {
  let loading: Promise<LoadedGraphiql> | null = null;
  const load = (): Promise<LoadedGraphiql> => (loading ??= loadGraphiql());
  return {
    managementPage: async (scope) => (await load()).managementPage(scope),
    projectPage: async (scope) => (await load()).projectPage(scope),
    asset: async (path) => (await load()).assets.get(path) ?? null,
  };
}

interface LoadedGraphiql {
  readonly managementPage: SendAsset;
  readonly projectPage: SendAsset;
  readonly assets: ReadonlyMap<string, SendAsset>;
}

async function loadGraphiql(): Promise<LoadedGraphiql> {
  const bundle = await import('@graphql-yoga/render-graphiql/graphiql');
  const javascript = 'text/javascript; charset=utf-8';
  const files: Readonly<Record<string, readonly [contentType: string, text: string]>> = {
    'graphiql.js': [javascript, bundle.js],
    'graphiql.css': ['text/css; charset=utf-8', bundle.css],
    'editorWorkerService.js': [javascript, bundle.editorWorkerService],
    'json.js': [javascript, bundle.jsonWorker],
    'graphql.js': [javascript, bundle.graphqlWorker],
    'management.js': [javascript, startScript(managementOptions)],
    'project.js': [javascript, startScript(projectOptions)],
  };
  const version = createHash('sha256');
  for (const [, text] of Object.values(files)) version.update(text);
  const folder = `${graphiqlPrefix}${version.digest('hex').slice(0, 12)}/`;
  const assets = Object.entries(files).map(([name, [contentType, text]]): [string, SendAsset] => {
    const asset: StaticAsset = { contentType, body: Buffer.from(text), isImmutable: true };
    return [`${folder}${name}`, createAssetSender(asset)];
  });
  const page = (script: string): SendAsset =>
    createAssetSender(pageIn(folder, script, bundle.favicon));
  return {
    managementPage: page('management.js'),
    projectPage: page('project.js'),
    assets: new Map(assets),
  };
}

/** Options for GraphiQL: JavaScript source that the browser evaluates. */
const managementOptions = `{
    title: 'Tessera GraphiQL',
    endpoint: '/graphql',
    defaultQuery: ${JSON.stringify(managementQuery)},
  }`;

/** Stores the user's input separately for each project. */
const projectOptions = `{
    title: 'Tessera GraphiQL',
    endpoint: location.pathname,
    defaultQuery: ${JSON.stringify(projectQuery)},
    headers: ${JSON.stringify(projectHeaders)},
    defaultEditorToolsVisibility: 'headers',
    storage: {
      getItem: (key) => localStorage.getItem(location.pathname + ':' + key),
      setItem: (key, value) => localStorage.setItem(location.pathname + ':' + key, value),
      removeItem: (key) => localStorage.removeItem(location.pathname + ':' + key),
      clear: () => localStorage.clear(),
      get length() {
        return localStorage.length;
      },
    },
  }`;

/**
 * Starts GraphiQL from a script file. The package's own page uses an inline script, which the content security policy
 * would block.
 */
const startScript = (options: string): string => `'use strict';
const folder = document.currentScript.src.replace(/[^/]+$/, '');
self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_module, label) => folder + label + '.js',
};
addEventListener('DOMContentLoaded', () => {
  YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
    headerEditorEnabled: true,
    shouldPersistHeaders: false,
    credentials: 'same-origin',
    ...${options},
  });
});
`;

function pageIn(folder: string, script: string, favicon: string): StaticAsset {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Tessera GraphiQL</title>
        <link rel="icon" href="${favicon}" />
        <link rel="stylesheet" href="${folder}graphiql.css" />
        <script src="${folder}${script}" defer></script>
        <script src="${folder}graphiql.js" defer></script>
      </head>
      <body class="no-focus-outline">
        <noscript>GraphiQL needs JavaScript.</noscript>
        <div id="root"></div>
      </body>
    </html> `;
  return {
    contentType: 'text/html; charset=utf-8',
    body: Buffer.from(page),
    isImmutable: false,
    headers: { 'content-security-policy': policy },
  };
}
