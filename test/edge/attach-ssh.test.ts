import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FRAME, framePayload } from '../../src/core/wire/frame.ts'
import { until } from '../harness.ts'
import { openAttach } from './attach-site.ts'
import { openSsh } from './attach-tunnel.ts'

describe('ssh through a tunnel', { concurrency: 4 }, () => {
  test('a shell without a terminal has input, output, errors and an exit status', async (t) => {
    const site = await openAttach(t)
    const ssh = await openSsh(t, site)
    const dyno = await site.dyno()
    assert.equal(dyno.terminal, null)
    dyno.up()
    dyno.prints('out\n')
    dyno.prints('err\n', FRAME.stderr)
    ssh.endInput('hello \x04 there')
    await until(
      () => dyno.has(FRAME.stdinEnd),
      () => 'no end of input',
    )
    assert.equal(dyno.input(), 'hello \x04 there')
    dyno.exits(42)
    assert.equal(await ssh.exits(), 42)
    assert.equal(ssh.output(), 'out\n')
    assert.match(ssh.errors(), /^err$/m)
    assert.doesNotMatch(ssh.errors(), /disconnect|closed by/i)
    await until(
      () => dyno.closed === 1,
      () => 'never closed',
    )
  })

  test('a terminal has its size, also when that changes', async (t) => {
    const site = await openAttach(t, { hasTerminal: true })
    const ssh = await openSsh(t, site, { terminal: { columns: 91, rows: 17 } })
    const dyno = await site.dyno()
    assert.deepEqual(dyno.terminal, { columns: 91, rows: 17 })
    dyno.up()
    dyno.prints('$ ')
    await ssh.reads(/\$ $/)
    ssh.resize(50, 20)
    await until(
      () => dyno.has(FRAME.resize),
      () => 'never resized',
    )
    assert.deepEqual(framePayload(dyno.frames.find(({ kind }) => kind === FRAME.resize)!), {
      columns: 50,
      rows: 20,
    })
    ssh.type('ls\r\x03')
    await until(
      () => dyno.input() === 'ls\r\x03',
      () => dyno.input(),
    )
    dyno.exits(0)
    assert.equal(await ssh.exits(), 0)
  })

  test('much comes through whole, in both directions', async (t) => {
    const site = await openAttach(t)
    const ssh = await openSsh(t, site)
    const dyno = await site.dyno()
    dyno.up()
    const text = Array.from({ length: 400_000 }, (_, i) => `${i}\n`).join('')
    ssh.endInput(text)
    dyno.prints(text)
    await until(
      () => dyno.has(FRAME.stdinEnd),
      () => `${dyno.input().length}`,
    )
    assert.equal(dyno.input(), text)
    dyno.exits(0)
    assert.equal(await ssh.exits(), 0)
    assert.equal(ssh.output(), text)
  })

  test('a client may want new keys, again and again, while much comes and goes', async (t) => {
    const site = await openAttach(t)
    const ssh = await openSsh(t, site, { args: ['-oRekeyLimit=500K', '-v'] })
    const dyno = await site.dyno()
    dyno.up()
    const text = Array.from({ length: 400_000 }, (_, i) => `${i}\n`).join('')
    ssh.endInput(text)
    for (let at = 0; at < text.length; at += 50_000) dyno.prints(text.slice(at, at + 50_000))
    await until(
      () => dyno.has(FRAME.stdinEnd),
      () => `${dyno.input().length} ${ssh.errors()}`,
    )
    assert.ok(dyno.input() === text)
    dyno.exits(0)
    assert.equal(await ssh.exits(), 0)
    assert.ok(ssh.output() === text)
    assert.ok(ssh.errors().match(/SSH2_MSG_NEWKEYS received/g)!.length > 3)
  })

  test('a client that does not read holds its dyno back, may do other things, and gets it all later', async (t) => {
    const site = await openAttach(t, { hasTerminal: true })
    const ssh = await openSsh(t, site, { terminal: { columns: 80, rows: 24 } })
    const dyno = await site.dyno()
    dyno.up()
    ssh.stopReading()
    const lines = `${'x'.repeat(99)}\r\n`.repeat(600)
    for (let printed = 0; printed < 200; printed++) dyno.prints(lines)
    assert.equal(dyno.prints('more\r\n'), false)
    ssh.resize(50, 20)
    await until(
      () => dyno.has(FRAME.resize),
      () => 'never resized',
    )
    assert.equal(dyno.drained, 0)
    ssh.goOnReading()
    await until(
      () => dyno.drained === 1,
      () => 'never drained',
    )
    dyno.exits(0)
    assert.equal(await ssh.exits(), 0)
    assert.equal(ssh.output().match(/^x{99}\r$/gm)?.length, 120_000)
  })

  test('a dyno that takes no input holds its client back', async (t) => {
    const site = await openAttach(t, { isPaused: true })
    const ssh = await openSsh(t, site)
    const dyno = await site.dyno()
    dyno.up()
    const text = 'y'.repeat(20_000_000)
    let isWritten = false
    ssh.endInput(text, () => {
      isWritten = true
    })
    dyno.prints('here\n')
    await ssh.reads(/here/)
    assert.equal(isWritten, false)
    assert.deepEqual(dyno.frames, [])
    dyno.wire.resume()
    await until(
      () => dyno.has(FRAME.stdinEnd),
      () => `${dyno.input().length}`,
    )
    assert.equal(dyno.input(), text)
  })

  for (const terminal of [undefined, { columns: 80, rows: 24 }]) {
    test(`why a dyno never was is told ${terminal ? 'on its terminal' : 'as an error'}`, async (t) => {
      const site = await openAttach(t)
      const ssh = await openSsh(t, site, { terminal })
      const dyno = await site.dyno()
      dyno.exits(1, 'No such file.')
      assert.equal(await ssh.exits(), 1)
      assert.match(terminal ? ssh.output() : ssh.errors(), /^No such file\.\r?$/m)
    })
  }

  test('who comes too late is told so', async (t) => {
    const site = await openAttach(t)
    const ssh = await openSsh(t, site, { token: 'late' })
    assert.equal(await ssh.exits(), 1)
    assert.match(ssh.errors(), /^Your dyno is gone\.$/m)
  })

  test('a dyno that goes without a status ends the client all the same', async (t) => {
    const site = await openAttach(t)
    const ssh = await openSsh(t, site)
    const dyno = await site.dyno()
    dyno.wire.end()
    assert.notEqual(await ssh.exits(), 0)
  })

  test('commands, subsystems and forwarded ports are refused, and harm nobody', async (t) => {
    const site = await openAttach(t)
    const command = await openSsh(t, site, { token: 'command', args: ['ls'] })
    assert.equal(await command.exits(), 255)
    const subsystem = await openSsh(t, site, { token: 'subsystem', args: ['-s', 'sftp'] })
    assert.equal(await subsystem.exits(), 255)
    const strict = ['-oExitOnForwardFailure=yes', '-R', '0:127.0.0.1:1']
    const forward = await openSsh(t, site, { token: 'forward', args: strict })
    assert.equal(await forward.exits(), 255)
    const direct = await openSsh(t, site, { token: 'direct', args: ['-W', '127.0.0.1:1'] })
    assert.equal(await direct.exits(), 255)
  })

  test('a client whom nothing happens to for too long is told before the end', async (t) => {
    const site = await openAttach(t, { idle: 1000 })
    const ssh = await openSsh(t, site)
    const dyno = await site.dyno()
    dyno.up()
    assert.equal(await ssh.exits(), 255)
    assert.match(ssh.errors(), /Nothing was said for too long/)
    await until(
      () => dyno.closed === 1,
      () => 'never closed',
    )
  })
})
