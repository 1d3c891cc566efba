import assert from 'node:assert/strict'
import test from 'node:test'
import { judgeRequest, judgeResponse, targetOf } from '../../../src/core/router/router-limits.ts'

const HOST = ['Host', 'a.test']
const requests: readonly (readonly [
  says: string,
  head: Partial<Parameters<typeof judgeRequest>[0]>,
  cause: string | null,
])[] = [
  ['a plain one passes', {}, null],
  ['HTTP/1.0 without Host passes', { version: '1.0', raw: [] }, null],
  ['no Host', { raw: [] }, 'bad header'],
  ['two Hosts, though alike', { raw: [...HOST, ...HOST] }, 'bad header'],
  ['a Host that is none', { raw: ['Host', 'a.test/x'] }, 'bad header'],
  ['a Host with blanks in it', { raw: ['Host', 'a b'] }, 'bad header'],
  ['an empty Host', { raw: ['Host', ''] }, 'bad header'],
  ['CONNECT', { method: 'CONNECT', target: 'a.test:443' }, 'bad header'],
  ['both lengths', { raw: [...HOST, 'Transfer-Encoding', 'chunked', 'Content-Length', '3'] }, 'bad header'],
  ['chunked passes', { raw: [...HOST, 'Transfer-Encoding', 'Chunked'] }, null],
  ['a coding before chunked', { raw: [...HOST, 'Transfer-Encoding', 'gzip, chunked'] }, 'bad header'],
  [
    'chunked twice',
    { raw: [...HOST, 'Transfer-Encoding', 'chunked', 'Transfer-Encoding', 'chunked'] },
    'bad header',
  ],
  ['chunked in HTTP/1.0', { version: '1.0', raw: [...HOST, 'Transfer-Encoding', 'chunked'] }, 'bad header'],
  ['a name of 1000 bytes passes', { raw: [...HOST, 'n'.repeat(1000), 'v'] }, null],
  ['a name of 1001 bytes', { raw: [...HOST, 'n'.repeat(1001), 'v'] }, 'bad header'],
  ['a line of 8 KB passes', { raw: [...HOST, 'name', 'v'.repeat(8188)] }, null],
  ['a longer line', { raw: [...HOST, 'name', 'v'.repeat(8189)] }, 'bad header'],
  ['1000 headers pass', { raw: [...HOST, ...Array(999).fill(['a', 'b']).flat()] }, null],
  ['1001 headers', { raw: [...HOST, ...Array(1000).fill(['a', 'b']).flat()] }, 'bad header'],
  ['a request line of more than 8 KB', { target: `/${'x'.repeat(8192)}` }, 'bad header'],
  ['a fragment', { target: '/a#b' }, 'bad header'],
  ['a target that is no path', { target: 'a' }, 'bad header'],
  ['*', { method: 'OPTIONS', target: '*' }, 'bad header'],
]
for (const [says, head, cause] of requests) {
  test(`the head of a request: ${says}`, () => {
    const refusal = judgeRequest({ method: 'GET', target: '/', version: '1.1', raw: HOST, ...head })
    assert.equal(refusal?.cause ?? null, cause)
    if (refusal) assert.equal(refusal.code, 'H26')
  })
}

test('a target is a path, or an address whose host counts', () => {
  assert.deepEqual(targetOf('/a?b'), { path: '/a?b', host: null })
  assert.deepEqual(targetOf('http://a.test:1/b?c'), { path: '/b?c', host: 'a.test:1' })
  assert.deepEqual(targetOf('HTTP://a.test'), { path: '/', host: 'a.test' })
  assert.deepEqual(targetOf('http://a.test?q'), { path: '/?q', host: 'a.test' })
  assert.equal(targetOf('http://u:p@a.test/'), undefined)
  assert.equal(targetOf('ftp://a.test/'), undefined)
})

test('an answer may have cookies of 8 KB and a status line of 8 KB', () => {
  assert.equal(judgeResponse('OK', ['Set-Cookie', 'c'.repeat(8192)]), null)
  assert.deepEqual(judgeResponse('OK', ['Set-Cookie', 'c'.repeat(8193)]), {
    code: 'H25',
    cause: 'oversized cookie',
  })
  assert.deepEqual(judgeResponse('x'.repeat(8193), []), { code: 'H25', cause: 'oversized status line' })
})
