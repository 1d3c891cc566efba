import { spawn, spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname } from 'node:path'

// Installs Heroku's own CLI if need be, and runs the tests of this folder where there is no network but the loopback.

const HERE = import.meta.dirname
const LEAST = 40 // different commands of the official CLI that a whole run must have tried

const works = (file: string, args: string[]) => spawnSync(file, args, { stdio: 'ignore' }).status === 0

/** Installs what the lockfile names, unless that was the last that was installed; false when npm cannot. */
function install(): boolean {
  const [lock, stamp] = [read(`${HERE}/package-lock.json`), `${HERE}/node_modules/.installed-lock.json`]
  if (read(stamp) === lock) return true
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: HERE,
    stdio: ['ignore', 2, 2],
  })
  if (status === 0) writeFileSync(stamp, lock)
  return status === 0
}

/** What comes before a command to give it a network of its own; or why that cannot be. */
function apart(): string[] | string {
  const ip = works('ip', ['-V']) ? 'ip' : works('busybox', ['ip', 'link']) ? 'busybox ip' : null
  if (ip === null) return 'neither ip nor busybox is here to bring up the loopback'
  const up = (next: string) => ['sh', '-c', `${ip} link set lo up && exec ${next}"$@"`, 'sh']
  const [uid, gid] = [process.geteuid!(), process.getegid!()]
  const enter =
    uid === 0
      ? ['unshare', '--net', ...up('')]
      : ['unshare', '--user', '--map-root-user', '--net']
          // Nobody is root in there but for that one step, or the manifold would take itself for root's.
          .concat(up(`unshare --user --map-user=${uid} --map-group=${gid} `))
  return works(enter[0]!, [...enter.slice(1), 'true'])
    ? enter
    : 'unshare cannot make a network namespace here'
}

function main(): void {
  if (!install()) {
    console.error('npm could not install the official CLI; see above, and run this again.')
    process.exitCode = 1
    return
  }
  const enter = apart()
  if (typeof enter === 'string') {
    console.error(`The tests with the official CLI are skipped: ${enter}.`)
    return
  }
  const notes = mkdtempSync(`${tmpdir()}/dyno-official-`)
  const words = process.argv.slice(2)
  const files = words.length > 0 ? words : globSync(`${HERE}/*.test.ts`).sort()
  const tests = [process.execPath, '--test', '--test-concurrency=3', '--test-reporter=spec', ...files]
  const [file, ...args] = [...enter, ...tests]
  const path = [dirname(process.execPath), process.env['PATH']].join(delimiter)
  const child = spawn(file!, args, {
    stdio: 'inherit',
    env: { ...process.env, PATH: path, OFFICIAL_CLI_NOTES: `${notes}/commands` },
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  child.on('close', (status) => {
    const commands = new Set(read(`${notes}/commands`).split('\n').filter(Boolean))
    rmSync(notes, { recursive: true })
    console.log(`${commands.size} different commands of the official CLI were tried`)
    const isTooFew = words.length === 0 && commands.size < LEAST
    process.exitCode = status || (isTooFew ? 1 : 0)
  })
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // no command was tried
  }
}

main()
