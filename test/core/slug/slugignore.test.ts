import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSlugignore } from '../../../src/core/slug/slugignore.ts'

const table: readonly [rule: string, path: string, isDirectory: boolean, leftOut: boolean][] = [
  ['*.psd', 'logo.psd', false, true],
  ['*.psd', 'art/deep/logo.psd', false, true],
  ['*.psd', 'logo.psdx', false, false],
  ['/test', 'test', true, true],
  ['/test', 'lib/test', true, false],
  ['test', 'lib/test', false, true],
  ['log/', 'log', true, true],
  ['log/', 'log', false, false],
  ['log/', 'a/log', true, true],
  ['doc/*.txt', 'doc/a.txt', false, true],
  ['doc/*.txt', 'doc/a/b.txt', false, false],
  ['doc/*.txt', 'x/doc/a.txt', false, false],
  ['**/cache', 'cache', true, true],
  ['**/cache', 'a/b/cache', true, true],
  ['a/**/z', 'a/z', false, true],
  ['a/**/z', 'a/b/c/z', false, true],
  ['a/**/z', 'ab/z', false, false],
  ['vendor/**', 'vendor/x', false, true],
  ['vendor/**', 'vendor', true, false],
  ['?.js', 'a.js', false, true],
  ['?.js', 'ab.js', false, false],
  ['[a-c].js', 'b.js', false, true],
  ['[!a-c].js', 'b.js', false, false],
  ['[!a-c].js', 'd.js', false, true],
  ['[z-a].js', '[z-a].js', false, true],
  ['[unclosed', '[unclosed', false, true],
  ['(a|b)+.js', '(a|b)+.js', false, true],
  ['(a|b)+.js', 'a.js', false, false],
  ['\\#x', '#x', false, true],
  ['trailing   ', 'trailing', false, true],
  ['windows\r', 'windows', false, true],
  ['held\\   ', 'held ', false, true],
  ['   ', '   ', false, false],
  ['a+b', 'aab', false, false],
  ['*', '.hidden', false, true],
  ['?.txt', '😀.txt', false, true],
  ['??.txt', '😀.txt', false, false],
  ['[😀😁]', '😁', false, true],
  ['[😀-😂]', '😁', false, true],
  ['[!😀-😂]', '😁', false, false],
  ['[\uFFFD-😀]', '\uFFFE', false, true],
  ['[😀-\uFFFD]', '[😀-\uFFFD]', false, true],
  ['a/**/**/z', 'a/z', false, true],
  ['a\\/z', 'a/z', false, true],
  ['[/]', '[/]', false, true],
]

for (const [rule, path, isDirectory, leftOut] of table) {
  test(`'${rule.trimEnd()}' ${leftOut ? 'leaves out' : 'keeps'} the ${isDirectory ? 'folder' : 'file'} '${path}'`, () => {
    assert.equal(parseSlugignore(rule)(path, isDirectory), leftOut)
  })
}

test('comments, empty lines and a lone slash leave out nothing', () => {
  assert.equal(parseSlugignore('# a\n\n  \n/\n')('a', false), false)
})

test('a line with ! takes nothing back and leaves nothing out', () => {
  const ignored = parseSlugignore('*.log\n!keep.log')
  assert.equal(ignored('keep.log', false), true)
  assert.equal(ignored('!keep.log', false), true, 'by *.log')
  assert.equal(parseSlugignore('!a')('!a', false), false)
})
