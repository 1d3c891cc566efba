import { spawn } from 'node:child_process'
import { request } from 'node:https'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { spawn as spawnOnTerminal } from 'node-pty'
import type { TerminalSize } from '../../src/core/terminal-size.ts'
import { until } from '../harness.ts'
import type { AttachSite } from './attach-site.ts'

/** A running `ssh`, at the end of a tunnel as Heroku's CLI makes it. */
export type Ssh = {
  output(): string
  errors(): string
  reads(pattern: RegExp): Promise<string>
  exits(): Promise<number | null>
  kill(): void
  type(keys: string): void
  // Without a terminal:
  endInput(text: string, written?: () => void): void
  // On a terminal:
  resize(columns: number, rows: number): void
  stopReading(): void
  goOnReading(): void
}

type SshOptions = {
  readonly token?: string
  readonly terminal?: TerminalSize | undefined
  readonly args?: readonly string[]
}

/** Asks for a tunnel; the status of the answer, and the connection where it is one. */
export function askTunnel(
  port: number,
  token: string,
  headers: Record<string, string> = { Connection: 'Upgrade', Upgrade: 'tcp' },
): Promise<{ status: number | undefined; length: string | undefined; tunnel?: Socket }> {
  return new Promise((resolve, reject) => {
    const path = `/${token}`
    const asked = request({ host: '127.0.0.1', port, path, headers, rejectUnauthorized: false, agent: false })
    asked.on('error', reject)
    asked.on('response', (answer) => {
      answer.resume()
      resolve({ status: answer.statusCode, length: answer.headers['content-length'] })
    })
    asked.on('upgrade', ({ statusCode: status }, tunnel: Socket) =>
      resolve({ status, length: undefined, tunnel }),
    )
    asked.end()
  })
}

/** Starts an `ssh` without the user's own settings, and ends it with the test. */
export async function openSsh(
  t: TestContext,
  site: AttachSite,
  { token = 'token', terminal, args = [] }: SshOptions = {},
): Promise<Ssh> {
  const { tunnel } = await askTunnel(site.port, token)
  if (!tunnel) throw new Error('no tunnel')
  tunnel.on('error', () => {})
  const server = createServer((client) => {
    server.close()
    client.on('error', () => {})
    client.on('data', (bytes) => tunnel.write(bytes))
    client.on('close', () => tunnel.destroy())
    // As the CLI does: what comes is written however much waits, and the tunnel's end is nobody's business.
    tunnel.on('data', (bytes) => client.write(bytes))
    tunnel.on('close', () => t.signal.aborted && client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const port = String((server.address() as AddressInfo).port)
  const known = ['-oStrictHostKeyChecking=no', '-oUserKnownHostsFile=/dev/null', '-oServerAliveInterval=20']
  const words = ['127.0.0.1', '-p', port, ...known, '-F', '/dev/null', ...args]
  const ssh = terminal ? onTerminal(words, terminal) : onPipes(words)
  t.after(() => {
    ssh.kill()
    tunnel.destroy()
    server.close()
  })
  return {
    ...ssh,
    async reads(pattern) {
      await until(
        () => pattern.test(ssh.output()),
        () => `never read ${pattern}, but ${ssh.output()}${ssh.errors()}`,
      )
      return ssh.output()
    },
  }
}

function onPipes(words: readonly string[]): Omit<Ssh, 'reads'> {
  // Options may follow the host, a command too; `ssh` itself tells them apart.
  const process = spawn('ssh', words)
  let [output, errors] = ['', '']
  process.stdin.on('error', () => {})
  process.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  process.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text
  })
  const status = new Promise<number | null>((resolve) => process.on('close', resolve))
  const none = () => {
    throw new Error('there is no terminal')
  }
  return {
    ...{ output: () => output, errors: () => errors },
    exits: () => status,
    kill: () => void process.kill('SIGKILL'),
    type: (keys) => void process.stdin.write(keys),
    endInput: (text, written) => void process.stdin.end(text, written),
    ...{ resize: none, stopReading: none, goOnReading: none },
  }
}

function onTerminal(words: readonly string[], { columns, rows }: TerminalSize): Omit<Ssh, 'reads'> {
  const pty = spawnOnTerminal('ssh', [...words], { cols: columns, rows, name: 'xterm' })
  let text = ''
  pty.onData((data) => {
    text += data
  })
  const status = new Promise<number>((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)))
  const output = () => text.replace(/^Warning: Permanently added .*\n/, '')
  return {
    ...{ output, errors: output },
    endInput() {
      throw new Error('it is on a terminal')
    },
    exits: () => status,
    kill: () => pty.kill('SIGKILL'),
    type: (keys) => pty.write(keys),
    resize: (width, height) => pty.resize(width, height),
    stopReading: () => pty.pause(),
    goOnReading: () => pty.resume(),
  }
}
