import assert from 'node:assert/strict'
import test from 'node:test'
import { readTrace, survivorsNote, traceHead, watchPoints } from '../../../src/core/boot/watched.ts'

const FOLDERS = ['/etc', '/run', '/run/lock', '/var', '/var/log', '/var/lib']
const at = (...points: string[]) =>
  watchPoints(
    FOLDERS,
    points.map((point) => ({ point })),
  ).map((each) => each.at)

test('a layer goes over each folder and is open in those below it', () => {
  assert.deepEqual(watchPoints(['/etc', '/var', '/var/log'], []), [
    { at: '/', open: ['/'] },
    { at: '/etc', open: ['/etc'] },
    { at: '/var', open: ['/var', '/var/log'] },
  ])
})

test('a folder with a mount below it has no layer, but those of its folders that have none do', () => {
  assert.deepEqual(at(), ['/', '/etc', '/run', '/var'])
  assert.deepEqual(at('/run/user/1000'), ['/', '/etc', '/run/lock', '/var'])
  assert.deepEqual(at('/var/lib/docker', '/etc/hosts'), ['/', '/run', '/var/log'])
  assert.deepEqual(at('/var', '/etc', '/runner/x'), ['/', '/etc', '/run', '/var'])
})

const points = watchPoints(['/etc', '/var', '/var/log'], [{ point: '/etc/hosts' }])
const noted = (...notes: string[]) =>
  traceHead(points, ['/etc', '/var', '/var/log']) + notes.map((each) => `${each}\0`).join('')

test('what is in a layer beyond its own folders was written, by its deepest path', () => {
  const text = noted('up/1/log', 'up/1/log/app.log', 'up/0/data', 'up/0/data/a b\nc', 'end')
  assert.deepEqual(readTrace(text), {
    left: [],
    wrote: ['/data/a b\nc', '/var/log/app.log'],
    unseen: ['/etc'],
  })
})

test('who was left is named, and a layer that was refused was not seen', () => {
  const trace = readTrace(noted('unseen /var', 'ended', 'left my worker', 'left sleep', 'end'))
  assert.deepEqual(trace, { left: ['my worker', 'sleep'], wrote: [], unseen: ['/etc', '/var'] })
})

test('notes without an end tell nothing', () => {
  for (const text of ['', noted(), noted('left sleep'), `${noted()}end`])
    assert.equal(readTrace(text), undefined)
})

test('where only processes are seen nothing is known of what was written', () => {
  assert.deepEqual(readTrace(survivorsNote(['sleep'])), { left: ['sleep'], wrote: null, unseen: [] })
})
