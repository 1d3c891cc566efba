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
