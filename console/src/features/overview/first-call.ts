export const callLanguages = ['curl', 'javascript', 'python'] as const;
export type CallLanguage = (typeof callLanguages)[number];

/** The placeholder for the key. */
export const keyPlace = 'YOUR_KEY';

/** A complete program that sends a query to a project's API. Only the key has to be filled in. */
export function firstCall(language: CallLanguage, endpoint: string, query: string): string {
  switch (language) {
    case 'curl':
      return [
        `curl ${endpoint} \\`,
        `  -H 'authorization: Bearer ${keyPlace}' \\`,
        `  -H 'content-type: application/json' \\`,
        // GraphQL names contain no quotes, so the query needs no shell escaping.
        `  -d '${JSON.stringify({ query })}'`,
      ].join('\n');
    case 'javascript':
      return [
        `const response = await fetch('${endpoint}', {`,
        `  method: 'POST',`,
        `  headers: {`,
        `    authorization: 'Bearer ${keyPlace}',`,
        `    'content-type': 'application/json',`,
        `  },`,
        `  body: JSON.stringify({`,
        `    query: '${query}',`,
        `  }),`,
        `});`,
        `console.log(JSON.stringify(await response.json(), null, 2));`,
      ].join('\n');
    case 'python':
      return [
        `import json`,
        `from urllib.request import Request, urlopen`,
        ``,
        `query = "${query}"`,
        `request = Request(`,
        `    "${endpoint}",`,
        `    data=json.dumps({"query": query}).encode(),`,
        `    headers={`,
        `        "authorization": "Bearer ${keyPlace}",`,
        `        "content-type": "application/json",`,
        `    },`,
        `)`,
        `print(json.dumps(json.load(urlopen(request)), indent=2))`,
      ].join('\n');
  }
}
