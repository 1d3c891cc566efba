import assert from 'node:assert/strict'
import { describe, type TestContext, test } from 'node:test'
import {
  ChannelOpenMessage,
  ChannelRequestMessage,
  NodeStream,
  type SshChannel,
  SshClientSession,
  type SshDataWriter,
  SshSessionConfiguration,
} from '@microsoft/dev-tunnels-ssh'
import { FRAME, framePayload } from '../../src/core/wire/frame.ts'
import { until } from '../harness.ts'
import { type AttachSite, openAttach } from './attach-site.ts'
import { askTunnel } from './attach-tunnel.ts'

/** A client of SSH that may do what no honest one does. */
async function openClient(t: TestContext, site: AttachSite): Promise<SshClientSession> {
  const { tunnel } = await askTunnel(site.port, 'token')
  t.after(() => void tunnel!.destroy())
  const session = new SshClientSession(new SshSessionConfiguration())
  session.onAuthenticating((asked) => {
    asked.authenticationPromise = Promise.resolve({}) // any server will do
  })
  await session.connect(new NodeStream(tunnel!.on('error', () => {})))
  assert.equal(await session.authenticateServer(), true)
  return session
}

async function openShell(session: SshClientSession): Promise<SshChannel> {
  assert.equal(await session.authenticateClient({ username: 'anybody' }), true)
  const channel = await session.openChannel('session')
  channel.onDataReceived((bytes) => channel.adjustWindow(bytes.length))
  return channel
}

/** A request with a payload; `write` adds to it. */
class Request extends ChannelRequestMessage {
  readonly #write: (writer: SshDataWriter) => void

  constructor(type: string, write: (writer: SshDataWriter) => void = () => {}, wantReply = true) {
    super(type, wantReply)
    this.#write = write
  }

  protected override onWrite(writer: SshDataWriter): void {
    super.onWrite(writer)
    this.#write(writer)
  }
}

const size = (columns: number, rows: number) => (writer: SshDataWriter) => {
  for (const number of [columns, rows, 0, 0]) writer.writeUInt32(number)
}
const terminal = (writer: SshDataWriter) => {
  writer.writeString('xterm', 'utf8' as never)
  size(0, 0)(writer)
  writer.writeString('', 'utf8' as never)
}

const isClosed = (session: SshClientSession) =>
  until(
    () => session.isClosed,
    () => 'still there',
  )

describe('an SSH client that is up to something', { concurrency: 4 }, () => {
  test('nothing is open to who has not said who it is, and nobody is let in by a password', async (t) => {
    const site = await openAttach(t)
    const session = await openClient(t, site)
    await assert.rejects(session.openChannel('session'))
    const config = session.config.authenticationMethods
    config.splice(0, config.length, 'password' as never)
    assert.equal(await session.authenticateClient({ username: 'x', password: 'x' }), false)
  })

  test('one session is opened, and nothing else, nor one that takes nothing', async (t) => {
    const site = await openAttach(t)
    const session = await openClient(t, site)
    assert.equal(await session.authenticateClient({ username: 'anybody' }), true)
    await assert.rejects(session.openChannel('direct-tcpip'))
    const nothing = new ChannelOpenMessage()
    // An object is no default, and a zero when it is written.
    Object.assign(nothing, { channelType: 'session', maxPacketSize: { valueOf: () => 0 } })
    await assert.rejects(session.openChannel(nothing))
    const channel = await openShell(session)
    await assert.rejects(session.openChannel('session'))
    assert.equal(await channel.request(new Request('shell')), true)
    assert.equal(await channel.request(new Request('shell')), false)
    await site.dyno()
  })

  test('requests that are cut short or unknown are refused', async (t) => {
    const site = await openAttach(t)
    const channel = await openShell(await openClient(t, site))
    for (const type of ['pty-req', 'window-change', 'exec', 'x11-req', 'env', 'subsystem', 'what']) {
      assert.equal(await channel.request(new Request(type)), false, type)
    }
    assert.equal(await channel.request(new Request('pty-req', terminal)), true)
    assert.equal(await channel.request(new Request('window-change', size(100_000, 7))), true)
    assert.equal(await channel.request(new Request('shell')), true)
    assert.equal(await channel.request(new Request('pty-req', terminal)), false)
    assert.deepEqual((await site.dyno()).terminal, { columns: 65_535, rows: 7 })
  })

  test('half a signal is the end', async (t) => {
    const site = await openAttach(t)
    const session = await openClient(t, site)
    const channel = await openShell(session)
    await channel.request(new Request('signal')).catch(() => {})
    await isClosed(session)
  })

  test('a signal is passed on, when there is one of that name', async (t) => {
    const site = await openAttach(t)
    const channel = await openShell(await openClient(t, site))
    await channel.request(new Request('shell'))
    const dyno = await site.dyno()
    for (const name of ['NONE', 'toString', '', 'TERM']) {
      await channel.request(new Request('signal', (writer) => writer.writeString(name, 'utf8' as never)))
    }
    await until(
      () => dyno.has(FRAME.signal),
      () => 'no signal',
    )
    assert.deepEqual(dyno.frames.map(framePayload), [15])
  })

  test('who says more than it may is cut off', async (t) => {
    const site = await openAttach(t, { isPaused: true })
    const session = await openClient(t, site)
    const channel = await openShell(session)
    await channel.request(new Request('shell'))
    const dyno = await site.dyno()
    Object.assign(channel, { remoteWindowSize: 1e9 })
    await channel.send(Buffer.alloc(50_000_000)).catch(() => {})
    await isClosed(session)
    await until(
      () => dyno.closed === 1,
      () => 'never told',
    )
  })

  test('who changes its size without end while nobody listens is cut off', async (t) => {
    const site = await openAttach(t, { isPaused: true })
    const session = await openClient(t, site)
    const channel = await openShell(session)
    await channel.request(new Request('pty-req', terminal))
    await channel.request(new Request('shell'))
    await site.dyno()
    const change = () => channel.request(new Request('window-change', size(80, 24), false))
    for (let i = 0; i < 200_000 && !session.isClosed; i++) await change().catch(() => {})
    await isClosed(session)
  })

  test('who closes the channel is gone', async (t) => {
    const site = await openAttach(t)
    const session = await openClient(t, site)
    const channel = await openShell(session)
    await channel.request(new Request('shell'))
    const dyno = await site.dyno()
    dyno.up()
    await channel.close()
    await until(
      () => dyno.closed === 1,
      () => 'never told',
    )
    await isClosed(session)
  })
})
