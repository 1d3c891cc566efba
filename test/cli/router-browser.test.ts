import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { startFormation } from '../formation.ts'
import { dyno, openSandbox, writeFiles } from '../harness.ts'

const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)

// A server of WebSockets in a few lines: short texts only, which is all that the page sends.
const SERVER = `const { createHash } = require('node:crypto')
const page = \`<!doctype html><title>hall</title><h1>\${process.env.DYNO}</h1><ul></ul><script>
const socket = new WebSocket('ws://' + location.host + '/ws')
socket.onmessage = ({ data }) => document.querySelector('ul').append(Object.assign(document.createElement('li'), { textContent: data }))
socket.onopen = () => setInterval(() => socket.send('x'), 50)
socket.onclose = () => (document.title = 'closed')
</script>\`
const server = require('node:http').createServer((_, response) => response.setHeader('Content-Type', 'text/html').end(page))
server.on('upgrade', ({ headers }, socket) => {
  const accept = createHash('sha1').update(headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64')
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: ' + accept + '\\r\\n\\r\\n')
  socket.on('error', () => {})
  let n = 0
  socket.on('data', () => { const text = process.env.DYNO + ' ' + ++n; socket.write(Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)])) })
})
server.listen(process.env.PORT)
process.on('SIGTERM', () => process.exit(0))
`

test('a browser loads a page and keeps a WebSocket while the formation is scaled under it', {
  skip: BROWSER === undefined && 'no Chromium is installed here',
}, async () => {
  const { chromium } = await import('playwright-core')
  const sandbox = openSandbox({ Procfile: 'web: node server.js\n', 'server.js': SERVER })
  writeFiles(sandbox.app, {})
  const start = startFormation(sandbox, ['--no-tty'])
  await start.says('State changed from starting to up\n')
  const browser = await chromium.launch({ executablePath: BROWSER!, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage()
    await page.goto(`http://localhost:${sandbox.env['PORT']}/`)
    assert.equal(await page.textContent('h1'), 'web.1')
    const heard = async (count: number) => {
      await page.waitForFunction(`document.querySelectorAll('li').length >= ${count}`)
      return page.locator('li').count()
    }
    const first = await heard(3)
    await dyno(sandbox, ['ps:scale', 'web=3'])
    await start.says('State changed from starting to up\n', 3)
    const second = await heard(first + 3)
    await dyno(sandbox, ['ps:scale', 'web=1'])
    await start.says('Process exited with status 0\n', 2)
    await heard(second + 3)
    assert.equal(await page.title(), 'hall')
    assert.match((await page.textContent('li:last-child'))!, /^web\.1 \d+$/)
    const names = new Set<string | null>()
    for (let n = 0; n < 5; n++) {
      await page.reload()
      names.add(await page.textContent('h1'))
    }
    assert.deepEqual([...names], ['web.1'])
    await dyno(sandbox, ['ps:scale', 'web=0'])
    await page.waitForFunction("document.title === 'closed'")
    await page.reload()
    assert.match((await page.textContent('h1'))!, /H14 No web processes running/)
    await start.says(/path="\/ws" .*dyno=web\.1 .*status=101 /)
  } finally {
    await browser.close()
    start.child.kill('SIGINT')
    await start.ended
    await sandbox.close()
  }
})
