import assert from 'node:assert/strict'
import test from 'node:test'
import { type BootRecord, recorded, refusedPath } from '../../../src/core/boot/boot-record.ts'
import { type BootLimits, judge, reason } from '../../../src/core/boot/boot-verdict.ts'
import type { Trace } from '../../../src/core/boot/watched.ts'

const LIMITS: BootLimits = { bind: 60_000, stay: 5000, answer: 30_000, grace: 30_000 }
const CALM: Trace = { left: [], wrote: [], unseen: [] }

const stamp = (at: number) => `2026-11-23T22:59:${(at + 10).toFixed(6).padStart(9, '0')}+00:00`

// `0.4 heroku …` is a line of the system 0.4 s after the start, `0.4 …` one of the program.
function recordOf(type: string, lines: readonly string[], facts: Partial<BootRecord> = {}): BootRecord {
  const begun: BootRecord = { type, number: 1, port: 5000 }
  const all = ['0 heroku Starting process with command `x`', ...lines].map((line) => {
    const [, at, source, message] = /^(\S+) (heroku )?(.*)$/.exec(line)!
    return { time: stamp(Number(at)), source: source ? 'heroku' : 'app', message: message! }
  })
  return { ...all.reduce(recorded, begun), trace: CALM, ...facts }
}

const BOUND = '0.4 heroku State changed from starting to up'
const exited = (at: number, status: number) => `${at} heroku Process exited with status ${status}`
const TERM = '6 heroku Stopping all processes with SIGTERM'
const ENDS = [TERM, exited(6.1, 143)]
const ok = { answer: { is: 'status', status: 200 } } as const

const CASES: readonly (readonly [record: BootRecord, why: string])[] = [
  [
    recordOf('web', [BOUND, ...ENDS], ok),
    'bound port 5000 after 0.4 s, answered 200, ended 0.1 s after SIGTERM',
  ],
  [recordOf('worker', [BOUND, ...ENDS]), 'alive after 5 s, ended 0.1 s after SIGTERM'],
  [recordOf('worker', [BOUND, '0.1 boom', exited(0.2, 1)]), 'exited with status 1 after 0.2 s: "boom"'],
  [recordOf('worker', [BOUND, exited(0.2, 0)]), 'exited with status 0 after 0.2 s'],
  [recordOf('worker', [exited(12, 137)]), 'was killed by SIGKILL after 12 s'],
  [
    recordOf('worker', ['1 heroku Error R15 (Memory quota vastly exceeded)', exited(2, 137)]),
    'was killed for its use of memory (R15) after 2 s',
  ],
  [
    recordOf('worker', ['0 bash: x: not found', exited(0.1, 127)]),
    'there is no such program: "bash: x: not found"',
  ],
  [
    recordOf('web', ['0 bash: /opt/x: Permission denied', exited(0.1, 126)]),
    'its program is not executable: "bash: /opt/x: Permission denied"',
  ],
  [
    recordOf('web', [
      '0.1 heroku The slug could not be copied.',
      '0.1 heroku State changed from starting to crashed',
    ]),
    'The slug could not be copied',
  ],
  [
    recordOf('web', ['0.1 boom', exited(0.2, 1)]),
    'exited with status 1 after 0.2 s and had not bound $PORT: "boom"',
  ],
  [recordOf('web', ENDS, { otherPorts: [] }), 'did not bind $PORT (5000) within 60 s'],
  [recordOf('web', [BOUND, ...ENDS], { otherPorts: [1] }), 'bound port 1, but not $PORT (5000), within 60 s'],
  [
    recordOf('web', ENDS, { otherPorts: [4000, 4001] }),
    'bound port 4000 and 4001, but not $PORT (5000), within 60 s',
  ],
  [recordOf('web', [BOUND, ...ENDS], { answer: { is: 'status', status: 503 } }), 'answered GET / with 503'],
  [recordOf('web', [BOUND, ...ENDS], { answer: { is: 'silent' } }), 'did not answer GET / within 30 s'],
  [
    recordOf('web', [BOUND, ...ENDS], { answer: { is: 'closed' } }),
    'closed the connection and did not answer GET /',
  ],
  [recordOf('web', [BOUND, ...ENDS], { answer: { is: 'garbage' } }), 'answered GET / with what is no HTTP'],
  [
    recordOf('web', [BOUND, ...ENDS], { answer: { is: 'refused' } }),
    'did not let anybody connect to $PORT on this machine',
  ],
  [recordOf('web', [BOUND, exited(0.5, 4)]), 'exited with status 4 after 0.5 s before it answered GET /'],
  [recordOf('web', [BOUND, exited(2, 4)], ok), 'exited with status 4 after 2 s, by itself'],
  [
    recordOf('clock', [BOUND, TERM, '36 heroku Error R12 (Exit timeout) -> x', exited(36.1, 137)], {
      trace: undefined,
    }),
    'was still there 30 s after SIGTERM and had to be killed',
  ],
  [
    recordOf('clock', [BOUND, ...ENDS], { trace: { ...CALM, left: ['sleep', 'sh', 'sleep'] } }),
    'left sleep (2 times), sh running when it ended',
  ],
  [
    recordOf('clock', [BOUND, ...ENDS], { trace: { ...CALM, wrote: ['/a', '/b', '/c', '/d'] } }),
    'wrote outside of /app and /tmp: /a, /b, /c and 1 more',
  ],
  [
    recordOf('clock', [BOUND, "1 touch: cannot touch '/srv/x': Read-only file system", ...ENDS]),
    'was refused outside of /app and /tmp: /srv/x',
  ],
  [
    recordOf('clock', [BOUND, '0.1 bye', exited(1, 3)], { trace: { ...CALM, left: ['sleep'] } }),
    'exited with status 3 after 1 s: "bye"; left sleep running when it ended',
  ],
]

for (const [record, why] of CASES) {
  test(`it is said of a ${record.type}: ${why}`, () => {
    const verdict = judge(record, LIMITS)
    assert.equal(reason(verdict), why)
    assert.equal(verdict.verdict, /^(?:bound.*answered|alive)/.test(why) ? 'good' : 'bad')
  })
}

test('every reason but those of good dynos is another', () => {
  assert.equal(new Set(CASES.map(([, why]) => why)).size, CASES.length)
})

test('what could not be seen is skipped and says why', () => {
  const killed = judge(
    recordOf('clock', [TERM, '36 heroku Error R12 (x)', exited(37, 137)], { trace: undefined }),
    LIMITS,
  )
  const folder = judge(recordOf('clock', [BOUND, ...ENDS], { trace: { ...CALM, wrote: null } }), LIMITS)
  const skipped = [killed, folder].map(({ judgements }) =>
    judgements.filter(({ verdict }) => verdict === 'skipped'),
  )
  assert.deepEqual(
    skipped.map((each) => each.map(({ why }) => why)),
    [['it had to be killed', 'it had to be killed'], ['not seen without full walls']],
  )
})

test('a later life of a dyno changes nothing', () => {
  const first = recordOf('worker', ['0.1 boom', exited(0.2, 1)])
  assert.equal(
    recorded(first, { time: stamp(1), source: 'heroku', message: 'Process exited with status 0' }),
    first,
  )
})

test('a dyno is not quoted with control characters, or at any length', () => {
  const { judgements } = judge(
    recordOf('worker', [`0.1 \u001b[31m${'x'.repeat(500)}`, exited(0.2, 1)]),
    LIMITS,
  )
  assert.match(reason({ type: 'worker', dyno: 'worker.1', verdict: 'bad', judgements }), /: "\[31mx{95}…"$/)
})

const REFUSALS: readonly (readonly [line: string, path: string | undefined])[] = [
  ["Error: EROFS: read-only file system, mkdir '/data'", '/data'],
  ["PermissionError: [Errno 13] Permission denied: '/srv/files/a.db'", '/srv/files/a.db'],
  ['Errno::EACCES: Permission denied @ rb_sysopen - /var/log/x.log', '/var/log/x.log'],
  ['open /var/run/app.pid: permission denied', '/var/run/app.pid'],
  ['/app/bin/run: line 3: /etc/x: Read-only file system', '/etc/x'],
  ["EACCES: permission denied, open '/app/config.json'", undefined],
  ["EACCES: permission denied, open '/tmp/x'", undefined],
  ['bash: bin/x: Permission denied', undefined],
  ['connect EACCES /var/run/docker.sock', undefined],
  ['GET /login 403 permission to /admin', undefined],
  ['wrote /etc/x', undefined],
]

for (const [line, path] of REFUSALS) {
  test(`'${line}' ${path ? `tells of ${path}` : 'tells of no write outside'}`, () =>
    assert.equal(refusedPath(line), path))
}
