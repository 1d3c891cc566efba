import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { logOf, startFormation, testApp } from '../formation.ts'

/** Keeps its port for two seconds after SIGTERM. */
const SLOW = `exec node -e "
const server = require('http').createServer((_, r) => r.end('hi')).listen(process.env.PORT, () => console.log('ready'));
process.on('SIGTERM', () => setTimeout(() => process.exit(0), 2000))"`.replaceAll('\n', ' ')

describe('a formation that begins while the former one ends', { concurrency: 2 }, () => {
  for (const words of [[], ['--no-router']]) {
    testApp(
      `waits for its end, and has its ports (${words[0] ?? 'with a router'})`,
      { web: SLOW },
      async (sandbox) => {
        const first = startFormation(sandbox, words)
        await first.says('State changed from starting to up')
        first.child.kill('SIGKILL') // its window is closed
        const second = startFormation(sandbox, words)
        await second.says('State changed from starting to up')
        assert.match(
          second.stderr(),
          /^ ! {4}The formation before is still ending; this one starts then\.\n$/,
        )
        const lives = (await logOf(sandbox, 'web.1')).filter((line) => /Starting|exited/.test(line))
        assert.deepEqual(
          lives.map((line) => line.split(' ').slice(1, 3).join(' ')),
          ['Starting process', 'Process exited', 'Starting process'],
        )
        second.child.kill('SIGTERM')
        assert.deepEqual(await second.ended, [143, null])
      },
    )
  }
})
