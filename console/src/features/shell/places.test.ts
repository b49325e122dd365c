import { expect, test } from 'vitest';

import { pageNames } from './places.ts';

test.each([
  ['/orgs/acme', ['Projects']],
  ['/orgs/acme/audit', ['Audit log']],
  ['/projects/abc', ['Overview']],
  ['/projects/abc/', ['Overview']],
  ['/projects/abc/schema/versions', ['Schema', 'Versions']],
  ['/projects/abc/data/Issue', ['Data', 'Issue']],
  ['/projects/abc/data/%C3%84', ['Data', 'Ä']],
  ['/account', ['Account']],
  ['/projects/abc/elsewhere', []],
  ['/', []],
])('the page names for %s are %j', (pathname, names) => expect(pageNames(pathname)).toEqual(names));
