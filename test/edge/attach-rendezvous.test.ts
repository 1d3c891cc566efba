import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { FRAME } from '../../src/core/wire/frame.ts'
import { until } from '../harness.ts'
import { openAttach } from './attach-site.ts'

const MARKER = '\uffff heroku-command-exit-status: 7\r\n'

describe('rendezvous', { concurrency: 4 }, () => {
  test('a client with a token reads one line when its dyno is up, and then what it prints', async (t) => {
    const site = await openAttach(t)
    const client = site.client('token?x=1\r\n')
    const dyno = await site.dyno()
    assert.deepEqual(site.asked, ['token'])
    assert.equal(dyno.terminal, undefined)
    dyno.up()
    dyno.prints('hello\n')
    dyno.prints('oh\n', FRAME.stderr)
    dyno.exits(0)
    await client.ends()
    assert.equal(client.pieces[0], 'rendezvous\r\n')
    assert.equal(client.text(), 'rendezvous\r\nhello\noh\n')
    await until(
      () => dyno.closed === 1,
      () => 'never closed',
    )
  })

  test('what comes with the line is input, and a line may end in a line feed only', async (t) => {
    const site = await openAttach(t)
    const client = site.client('token\nearly')
    const dyno = await site.dyno()
    client.socket.write(' and late\r\n')
    await until(
      () => dyno.input() === 'early and late\r\n',
      () => dyno.input(),
    )
    assert.equal(client.text(), '')
  })

  test('a dyno that takes no input yet gets it all in order when it does', async (t) => {
    const site = await openAttach(t, { isPaused: true })
    const client = site.client('token\r\n')
    const dyno = await site.dyno()
    const text = 'x'.repeat(5_000_000)
    client.socket.write(text)
    client.socket.write('\x04')
    dyno.up()
    await client.reads(/rendezvous/)
    assert.deepEqual(dyno.frames, [])
    dyno.wire.resume()
    await until(
      () => dyno.has(FRAME.stdinEnd),
      () => String(dyno.input().length),
    )
    assert.equal(dyno.input(), text)
  })

  test('an unknown token, and one that is too late, is an end without a word', async (t) => {
    const site = await openAttach(t)
    for (const line of ['nobody\r\n', '\r\n', '?x\n', 'late\r\n', ' \r\n'.padStart(9000, 'x')]) {
      const client = site.client(line)
      await client.ends()
      assert.equal(client.text(), '')
    }
    assert.deepEqual(site.asked, ['nobody', 'late'])
  })

  test('^D after the data is the end of input where there is no terminal', async (t) => {
    const site = await openAttach(t)
    const client = site.client('token\r\n')
    const dyno = await site.dyno()
    client.socket.write('a\x04b\x04')
    await until(
      () => dyno.has(FRAME.stdinEnd),
      () => 'no end',
    )
    assert.equal(dyno.input(), 'a\x04b')
    client.socket.write('more\x04') // it says nothing more, and is not believed
    dyno.up()
    await client.reads(/rendezvous/)
    assert.equal(dyno.frames.at(-1)!.kind, FRAME.stdinEnd)
  })

  test('^D is a key like others where there is a terminal', async (t) => {
    const site = await openAttach(t, { hasTerminal: true })
    const client = site.client('token\r\n')
    const dyno = await site.dyno()
    client.socket.write('\x04')
    await until(
      () => dyno.input() === '\x04',
      () => 'no ^D',
    )
    assert.equal(dyno.has(FRAME.stdinEnd), false)
  })

  test('a dyno that never was is told of in a line', async (t) => {
    const site = await openAttach(t)
    const client = site.client('token\r\n')
    const dyno = await site.dyno()
    dyno.exits(1, 'No such file.')
    await client.ends()
    assert.deepEqual(client.pieces, ['rendezvous\r\n', 'No such file.\r\n'])
  })

  test('a marker line comes in one piece, wherever it is cut and however much comes with it', async (t) => {
    const site = await openAttach(t)
    const whole = Buffer.from(`${'é'.repeat(8180)}${MARKER}`)
    const cuts = Array.from({ length: 40 }, (_, i) => whole.length - i)
    for (const cut of cuts) {
      const client = site.client(`token${cut}\r\n`)
      const dyno = await site.dyno(`token${cut}`)
      dyno.up()
      dyno.prints(whole.subarray(0, cut))
      dyno.prints(whole.subarray(cut))
      dyno.exits(0)
      await client.ends()
      assert.equal(client.text(), `rendezvous\r\n${whole}`)
      assert.ok(
        client.pieces.some((piece) => piece.includes(MARKER)),
        `cut at ${cut}`,
      )
    }
  })

  test('what might be a marker line and is not comes a little later', async (t) => {
    const site = await openAttach(t)
    const client = site.client('token\r\n')
    const dyno = await site.dyno()
    dyno.up()
    dyno.prints('prompt \uffff')
    await client.reads(/prompt \uffff$/)
    dyno.prints('\uffff heroku')
    dyno.exits(0)
    await client.ends()
    assert.equal(client.text(), 'rendezvous\r\nprompt \uffff\uffff heroku')
  })

  test('a client that does not read holds its dyno back, and gets everything later', async (t) => {
    const site = await openAttach(t)
    const client = site.client('token\r\n')
    const dyno = await site.dyno()
    dyno.up()
    await client.reads(/rendezvous/)
    client.socket.pause()
    const lines = `${'x'.repeat(99)}\n`.repeat(600)
    for (let printed = 0; printed < 400; printed++) dyno.prints(lines)
    assert.equal(dyno.prints('more\n'), false)
    await new Promise(setImmediate)
    assert.equal(dyno.drained, 0)
    client.socket.resume()
    await until(
      () => dyno.drained === 1,
      () => 'never drained',
    )
    dyno.exits(0)
    await client.ends()
    assert.equal(client.text(), `rendezvous\r\n${lines.repeat(400)}more\n`)
  })

  test('a client reads all of it though its dyno is long gone, and though it talks meanwhile', async (t) => {
    const site = await openAttach(t)
    const client = site.client('token\r\n')
    const dyno = await site.dyno()
    dyno.up()
    await client.reads(/rendezvous/)
    client.socket.pause()
    const text = 'x'.repeat(3_000_000)
    dyno.prints(text)
    dyno.exits(0)
    for (let i = 0; i < 30; i++) {
      client.socket.write('are you there?')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    client.socket.resume()
    await client.ends()
    assert.equal(client.text().length, 'rendezvous\r\n'.length + text.length)
  })

  test('a connection that carries nothing for too long is ended, though the manifold probes it', async (t) => {
    const site = await openAttach(t, { idle: 200 })
    const client = site.client('token\r\n')
    const dyno = await site.dyno()
    dyno.up()
    const probe = setInterval(() => dyno.prints(''), 20)
    t.after(() => clearInterval(probe))
    await client.ends()
    await until(
      () => dyno.closed === 1,
      () => 'never closed',
    )
  })
})
