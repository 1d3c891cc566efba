import assert from 'node:assert/strict'
import test from 'node:test'
import { parseNetstat, parseProcTcp, unreadByPorts } from '../../src/core/socket-table.ts'

const row = (local: string, state: string, inode: number) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000000062fd5093 100 0 0 10 0   \n`
const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode          \n'

const rows: readonly (readonly [
  says: string,
  text: string,
  port: number,
  listening: boolean,
  inode: number,
])[] = [
  ['a socket that listens on all interfaces', row('00000000:1388', '0A', 77), 5000, true, 77],
  ['a socket that listens on the loopback only', row('0100007F:FFFF', '0A', 78), 65_535, true, 78],
  ['a socket of IPv6', row('00000000000000000000000001000000:0050', '0A', 79), 80, true, 79],
  ['a connection, which does not listen', row('0100007F:1388', '01', 80), 5000, false, 80],
  ['what is left of a connection, which is nobody’s', row('0100007F:1388', '06', 0), 5000, false, 0],
]

for (const [says, text, port, listening, inode] of rows) {
  test(`Linux's table shows ${says}`, () => {
    assert.deepEqual(parseProcTcp(HEAD + text), [{ port, listening, inode }])
  })
}

test('Linux’s table has a row for each socket and a head that is none', () => {
  const text = HEAD + row('00000000:0001', '0A', 1) + row('00000000:0002', '0A', 2)
  assert.deepEqual(
    parseProcTcp(text).map(({ port }) => port),
    [1, 2],
  )
  assert.deepEqual(parseProcTcp(HEAD), [])
})

test('Linux’s table has what was sent and not read: here not taken, and there not read', () => {
  const queued = (local: string, remote: string, queues: string, state = '01') =>
    `  12: ${local} ${remote} ${state} ${queues} 01:00000014 00000000  1000        0 80 1 0000000062fd5093 100 0 0 10 0   \n`
  const [router, client, far] = ['0100007F:1388', '0100007F:C350', '0A00A8C0:C351']
  const text = [
    HEAD,
    queued('00000000:1388', '00000000:0000', '00000000:00000003', '0A'),
    queued(router, client, '00000100:00000001'),
    queued(client, router, '00000000:00000010'),
    queued('0A00A8C0:1388', far, '00000200:00000000'),
    queued(router, '0100007F:C352', '00000000:00000000'),
  ].join('')
  assert.deepEqual(Object.fromEntries(unreadByPorts(text)), {
    '5000:50000': 0x110,
    '50000:5000': 1,
    '5000:50001': 0x200,
  })
})

test('macOS’s table shows who listens, on every interface or one, and no connection', () => {
  const text = `Active Internet connections (including servers)
Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
tcp4       0      0  192.168.1.7.52044      17.57.146.20.5223      ESTABLISHED
tcp46      0      0  *.3000                 *.*                    LISTEN
tcp4       0      0  127.0.0.1.5432         *.*                    LISTEN
tcp6       0      0  ::1.5433               *.*                    LISTEN
tcp6       0      0  fe80::1%lo0.8021       *.*                    LISTEN
tcp4       0      0  127.0.0.1.5000         127.0.0.1.50123        TIME_WAIT
`
  assert.deepEqual(parseNetstat(text), [3000, 5432, 5433, 8021])
})
