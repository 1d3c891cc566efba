import { setTimeout as sleep } from 'node:timers/promises'
import type { WebAnswer } from '../core/boot/boot-record.ts'
import { isAddressMissing, LOOPBACK } from '../core/loopback.ts'

/** How long the rest of an answer may take, in milliseconds: who is cut off in the middle may complain. */
const REST = 1000

/** Asks the program on this port of this machine for `GET /`, and says how it answers within so many milliseconds. */
export async function askWeb(port: number, patience: number): Promise<WebAnswer> {
  let answer: WebAnswer = { is: 'refused' }
  for (const host of LOOPBACK) {
    answer = await askAt(host, port, patience)
    if (answer.is !== 'refused') break
  }
  return answer
}

function askAt(host: string, port: number, patience: number): Promise<WebAnswer> {
  const http = process.getBuiltinModule('node:http')
  const { promise, resolve } = Promise.withResolvers<WebAnswer>()
  const headers = {
    Host: `localhost:${port}`,
    Connection: 'close',
    'User-Agent': 'dyno-check',
    Accept: '*/*',
  }
  const request = http.get({ host, port, path: '/', headers, agent: false })
  const timer = setTimeout(() => {
    resolve({ is: 'silent' })
    request.destroy()
  }, patience)
  request.on('error', (error: NodeJS.ErrnoException) => {
    clearTimeout(timer)
    resolve({ is: kindOf(error.code ?? '') })
  })
  request.on('response', (response) => {
    clearTimeout(timer)
    const read = new Promise((done) => response.once('close', done).once('error', done))
    response.resume()
    void Promise.race([read, sleep(REST)]).then(() => {
      request.destroy()
      resolve({ is: 'status', status: response.statusCode ?? 0 })
    })
  })
  return promise
}

function kindOf(code: string): 'garbage' | 'refused' | 'closed' {
  if (code.startsWith('HPE_')) return 'garbage'
  return code === 'ECONNREFUSED' || isAddressMissing(code) ? 'refused' : 'closed'
}
