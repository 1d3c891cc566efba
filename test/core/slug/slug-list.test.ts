import assert from 'node:assert/strict'
import test from 'node:test'
import {
  differenceText,
  type ListedEntry,
  sizeText,
  slugDifference,
} from '../../../src/core/slug/slug-list.ts'

const file = (path: string, content: string, parts: Partial<ListedEntry> = {}): ListedEntry => {
  return { path, kind: 'file', mode: 0o644, size: content.length, content, ...parts }
}

test('two slugs differ in what one lacks and what is another file, mode or link', () => {
  const before = [
    file('a', 'one'),
    file('gone', 'x'),
    file('mode', 'm'),
    file('same', 's'),
    file('link', 'to', { kind: 'symlink', size: 0 }),
  ]
  const after = [
    file('a', 'other'),
    file('mode', 'm', { mode: 0o755 }),
    file('same', 's'),
    file('new', '', { kind: 'folder', mode: 0o755 }),
    file('link', 'else', { kind: 'symlink', size: 0 }),
  ]
  assert.deepEqual(differenceText(slugDifference(before, after)), [
    '~ a (3 B → 5 B)',
    '- gone (1 B)',
    '~ link',
    '~ mode (644 → 755, 1 B)',
    '+ new/',
    '1 added, 1 removed, 3 changed',
  ])
  assert.deepEqual(differenceText(slugDifference(before, before)), ['0 added, 0 removed, 0 changed'])
})

test('sizes are written in the largest unit that is not below one', () => {
  assert.deepEqual([0, 999, 1000, 12_345, 1e6, 115_200_000].map(sizeText), [
    '0 B',
    '999 B',
    '1.0 kB',
    '12.3 kB',
    '1.0 MB',
    '115.2 MB',
  ])
})
