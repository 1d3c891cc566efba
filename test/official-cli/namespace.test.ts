import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { test } from 'node:test'

const rows = (path: string) => readFileSync(path, 'utf8').trim().split('\n')

test('there is no network but the loopback, and no route out of it', async () => {
  assert.deepEqual(Object.keys(networkInterfaces()), ['lo'])
  const devices = rows('/proc/net/dev').slice(2)
  assert.deepEqual(
    devices.map((row) => row.split(':')[0]!.trim()),
    ['lo'],
  )
  assert.equal(rows('/proc/net/route').length, 1, 'only the heading')
  const failed = await new Promise<NodeJS.ErrnoException>((resolve, reject) => {
    connect(443, '192.0.2.1')
      .once('error', resolve)
      .once('connect', () => reject(new Error('it is on the network')))
  })
  assert.equal(failed.code, 'ENETUNREACH')
})
