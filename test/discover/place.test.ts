import { expect, test } from 'vitest';
import { placeKey, placeOf } from '#discover/place.ts';

test.each([
  ['https://github.com/Owner/Repo', 'github.com/owner/repo'],
  ['https://www.github.com/owner/repo/', 'github.com/owner/repo'],
  ['http://github.com/owner/repo.git', 'github.com/owner/repo'],
  ['https://github.com/owner/repo.git/', 'github.com/owner/repo'],
  ['git+https://GitHub.com/Owner/Repo.git', 'github.com/owner/repo'],
  ['git://github.com/owner/repo.git', 'github.com/owner/repo'],
  ['git@github.com:owner/repo.git', 'github.com/owner/repo'],
  ['ssh://git@github.com/owner/repo.git', 'github.com/owner/repo'],
  ['git+ssh://git@github.com/owner/repo.git', 'github.com/owner/repo'],
  ['https://user:secret@github.com/owner/repo', 'github.com/owner/repo'],
  ['github:owner/repo', 'github.com/owner/repo'],
  ['owner/repo', 'github.com/owner/repo'],
  ['github.com/owner/repo', 'github.com/owner/repo'],
  ['https://github.com/owner/repo#readme', 'github.com/owner/repo'],
  ['https://github.com/owner/repo?tab=readme-ov-file', 'github.com/owner/repo'],
  ['https://github.com/owner/repo/issues', 'github.com/owner/repo'],
  ['https://github.com/owner/repo/tree/main/src/Fetch', 'github.com/owner/repo#src/Fetch'],
  ['https://github.com/owner/repo/tree/main', 'github.com/owner/repo'],
  ['https://github.com/owner/repo/blob/main/src/time/README.md', 'github.com/owner/repo#src/time'],
  ['https://github.com/owner/repo/blob/main/README.md', 'github.com/owner/repo'],
  ['https://gitlab.com/Group/Sub/repo/-/tree/main/x', 'gitlab.com/group/sub/repo#x'],
  ['gitlab:group/repo', 'gitlab.com/group/repo'],
  ['https://bitbucket.org/owner/repo/src/main/server', 'bitbucket.org/owner/repo#server'],
  ['https://codeberg.org/Owner/repo/src/branch/main/a/b', 'codeberg.org/Owner/repo#a/b'],
  ['https://git.example.org/team/thing.git', 'git.example.org/team/thing'],
])('%s is %s', (url, key) => {
  expect(placeKey(placeOf({ url })!)).toBe(key);
});

test.each([
  'https://github.com/owner',
  'https://github.com/sponsors/owner',
  'https://github.com',
  'https://example.org/docs/mcp',
  'https://docs.example.org/a/b/c',
  'not an address',
  '',
  'javascript:alert(1)',
  'https://github.com/owner/%00',
  'https://github.com/%E0%A4%A/x',
  'file:///etc/passwd',
])('%j is no place', (url) => {
  expect(placeOf({ url })).toBeUndefined();
});

test.each([
  ['packages/x/', 'packages/x'],
  ['./packages//x', 'packages/x'],
  ['/', undefined],
  ['.', undefined],
  ['../x', undefined],
  ['a#b', undefined],
])('the subfolder %j is %j', (subfolder, expected) => {
  expect(placeOf({ url: 'https://github.com/o/r', subfolder })?.subfolder).toBe(expected);
});
