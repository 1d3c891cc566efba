import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { type TestContext, test } from 'node:test'
import type { Answer, Request } from '../../src/core/api/exchange.ts'
import { serveApi } from '../../src/edge/api/serve-api.ts'
import { ask } from '../../src/edge/dial-manifold.ts'

/** An API that answers with this, at the path of its socket. */
async function serve(t: TestContext, answer: (request: Request) => Answer): Promise<string> {
  const folder = mkdtempSync(`${tmpdir()}/dyno-t-`)
  const stop = await serveApi(`${folder}/socket`, {
    answer: async (request) => answer(request),
    fault: (error) => ({ status: 500, body: { message: String(error) } }),
    attach: () => assert.fail('nobody attaches'),
  })
  t.after(() => {
    stop()
    rmSync(folder, { recursive: true })
  })
  return `${folder}/socket`
}

const call = { method: 'GET', path: '/x' }

test('a warning comes as it was, whatever its letters are, and is one line', async (t) => {
  const texts = ["'/home/Иван/app' is full", 'é', 'plain', '🦊']
  const path = await serve(t, ({ path }) => ({
    status: 200,
    body: 1,
    warning: texts[Number(path.slice(1))]!,
  }))
  for (const [i, text] of texts.entries()) {
    assert.deepEqual(await ask(path, { ...call, path: `/${i}` }), { status: 200, body: 1, warning: text })
  }
  const lines = await serve(t, () => ({ status: 200, body: 1, warning: 'one\r\ntwo\u007f\u0085' }))
  assert.equal((await ask(lines, call)).warning, 'one  two')
})

test('an answer that cannot be written is a fault of ours, and no reason to end', async (t) => {
  const path = await serve(t, ({ path }) => ({
    status: 200,
    body: path === '/count' ? 1n : 'fine',
    headers: path === '/name' ? { X: 'Иван' } : {},
  }))
  for (const path_ of ['/count', '/name']) {
    const { status, body } = await ask(path, { ...call, path: path_ })
    assert.deepEqual([status, Object.keys(body as object)], [500, ['message']])
  }
  assert.equal((await ask(path, call)).body, 'fine')
})

test('who asks is known by his name, whatever its letters are', async (t) => {
  const path = await serve(t, ({ user }) => ({ status: 200, body: user }))
  const userOf = async (header: string) => (await ask(path, { ...call, headers: { 'X-User': header } })).body
  for (const name of ['jürgen', 'Иван', '100%', 'ada']) {
    assert.equal(await userOf(encodeURIComponent(name)), name)
  }
  assert.equal(await userOf('a%0D%0Ab'), 'a  b')
  assert.equal(await userOf('100%'), '100%')
  assert.equal((await ask(path, call)).body, 'local')
})
