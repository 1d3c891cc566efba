import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { after, test } from 'node:test'
import { findTools } from '../../src/edge/walls/find-tools.ts'
import { keepKnown, probeWalls } from '../../src/edge/walls/probe-walls.ts'

const folder = realpathSync(mkdtempSync(`${tmpdir()}/dyno-t-`))
after(() => rmSync(folder, { recursive: true }))
const tools = findTools()

test('walls are probed once a boot, and again where what is known is broken', async () => {
  const first = await probeWalls(folder, tools)
  assert.equal(first.told, false)
  keepKnown(folder, tools, { probe: { full: false, reason: 'we say so' }, told: true })
  assert.deepEqual((await probeWalls(folder, tools)).probe, { full: false, reason: 'we say so' })
  const kept = JSON.parse(readFileSync(`${folder}/walls.json`, 'utf8'))
  const broken = [
    '',
    '{',
    'null',
    JSON.stringify({ ...kept, boot: 'another' }),
    JSON.stringify({ boot: kept.boot }),
    JSON.stringify({ ...kept, probe: {} }),
  ]
  for (const text of broken) {
    writeFileSync(`${folder}/walls.json`, text)
    assert.deepEqual(await probeWalls(folder, tools), first)
  }
})

test('a machine too busy to say is asked again, one that cannot build walls is not', async (t) => {
  const runtime = realpathSync(mkdtempSync(`${tmpdir()}/dyno-t-`))
  t.after(() => rmSync(runtime, { recursive: true }))
  const saying = async (script: string) => {
    writeFileSync(`${runtime}/unshare`, `#!/bin/sh\n${script}\n`, { mode: 0o700 })
    const found = new Map(tools.found).set('unshare', `${runtime}/unshare`)
    return probeWalls(runtime, { ...tools, found })
  }
  for (const script of ['kill -9 $$', 'echo "sh: Cannot fork" >&2; exit 2']) {
    const { probe } = await saying(script)
    assert.equal(!probe.full && probe.passing, true)
  }
  const { probe } = await saying('echo "Operation not permitted" >&2; exit 1')
  assert.deepEqual(probe, { full: false, reason: 'Operation not permitted', passing: false })
  assert.deepEqual((await saying('kill -9 $$')).probe, probe)
})
