import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { after, describe, test } from 'node:test'
import { connect } from 'node:tls'
import { keepCertificate } from '../../src/edge/tls/keep-certificate.ts'
import { until } from '../harness.ts'
import { answering, connected, get, OK, openSite, reads, type TestSite } from './router-site.ts'

const folder = mkdtempSync(`${tmpdir()}/dyno-t-`)
after(() => rmSync(folder, { recursive: true }))
const certificate = await keepCertificate(folder, [])

const secured = (site: TestSite): Socket =>
  connect({ port: site.port, host: '127.0.0.1', rejectUnauthorized: false }).on('error', () => {})

/** Waits until they are closed; a test that gives up leaves none open. */
async function allClose(clients: Readonly<Record<string, Socket>>): Promise<void> {
  const open = () => Object.keys(clients).filter((name) => !clients[name]!.closed)
  for (const client of Object.values(clients)) client.resume()
  try {
    await until(
      () => open().length === 0,
      () => `still open: ${open().join(', ')}`,
    )
  } finally {
    for (const client of Object.values(clients)) client.destroy()
  }
}

describe('a port for HTTP and HTTPS', { concurrency: 2 }, () => {
  test('sends away who never ends its header, in either', async () => {
    const site = await openSite({ certificate, idle: 500 })
    try {
      const clients = { plain: connected(site), secure: secured(site) }
      const answers = Object.values(clients).map((client) => reads(client, /^HTTP\/1\.1 408 /))
      for (const client of Object.values(clients)) client.write('GET / HTTP/1.1\r\nHost: a\r\nX-A:')
      await Promise.all([allClose(clients), ...answers])
      const lines = [await site.nextLine(), await site.nextLine()]
      for (const line of lines) assert.match(line, /^at=warning code=H28 .*status=408/)
      assert.deepEqual(site.heard, [])
    } finally {
      await site.close()
    }
  })

  test('closes who says nothing without a word, in either', async () => {
    const site = await openSite({ certificate, idle: 500 })
    try {
      const clients = { plain: connected(site), secure: secured(site) }
      let heard = ''
      for (const client of Object.values(clients)) client.on('data', (chunk) => (heard += chunk))
      await allClose(clients)
      assert.equal(heard, '')
      assert.deepEqual(site.lines, [])
    } finally {
      await site.close()
    }
  })

  test('closes with all its connections: kept ones, silent ones, and those in a handshake', async () => {
    const site = await openSite({ certificate })
    site.onConnection = answering(OK)
    try {
      const clients = {
        ...{ plain: connected(site), secure: secured(site) },
        ...{ silent: connected(site), shaking: connected(site) },
      }
      clients.shaking.write(Buffer.from([0x16, 3, 1, 2, 0]))
      for (const client of [clients.plain, clients.secure]) {
        client.write(get('/'))
        await reads(client, /\r\n\r\nok$/)
      }
      site.closeRouter()
      for (const client of [clients.plain, clients.secure]) client.write(get('/late'))
      await allClose(clients)
      assert.equal(site.lines.length, 2) // the two that were answered: what comes late is no request any more
    } finally {
      await site.close()
    }
  })
})
