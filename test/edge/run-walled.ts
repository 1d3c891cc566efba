/**
 * Stands in for a manifold, as any user: builds walls, runs commands in them, and says in JSON lines what happens.
 *
 * Arguments: the kind of walls, a private folder (for full walls also below what is hidden: the runtime folder) and
 * the folder of slugs. Spare walls are full ones that are built before there is a dyno for them.
 * Orders come in on standard input, one a line; end of input is the regular end.
 */
import { mkdirSync } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { openSpareWalls } from '../../src/cli/manifold/spare-walls.ts'
import type { Child } from '../../src/core/child.ts'
import { exitStatus } from '../../src/core/exit.ts'
import type { TerminalSize } from '../../src/core/terminal-size.ts'
import type { Walled } from '../../src/core/walls.ts'
import { pipeMaker } from '../../src/edge/pipes/make-pipes.ts'
import { spawnPipe } from '../../src/edge/pipes/spawn-pipe.ts'
import { startKeeper } from '../../src/edge/processes/keeper.ts'
import { endSurvivors, signalDyno } from '../../src/edge/processes/signal-dyno.ts'
import { enterWalls, type Guest } from '../../src/edge/walls/enter-walls.ts'
import { findTools } from '../../src/edge/walls/find-tools.ts'
import { discardFolder, encloseInFolder } from '../../src/edge/walls/folder-walls.ts'
import { buildFullWalls } from '../../src/edge/walls/full-walls.ts'
import type { Edges } from '../../src/manifold/edges.ts'

/** An order to the runner. */
export type WalledOrder = { readonly name: string } & (
  | { readonly run: WalledCommand }
  | { readonly enter: Guest; readonly dyno: string }
  | { readonly signal: number }
  | { readonly type: string }
  | { readonly end: true }
)

export type WalledCommand = {
  readonly tree: string
  readonly line: string
  readonly environment: Readonly<Record<string, string>>
  readonly terminal: TerminalSize | null
}

/** What the runner reports. */
export type WalledFact = { readonly name: string } & (
  | { readonly pid: number }
  | { readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly status: number; readonly message: string | null }
)

/** How a dyno gets its walls. */
export type WallsWay = 'full' | 'spare' | 'folder'

/** Some spares stand when their dyno comes, others are still being built, in milliseconds. */
const HEAD_STARTS = [0, 60]

if (process.argv[1] === import.meta.filename) {
  serve(process.argv[2] as WallsWay, process.argv[3]!, process.argv[4]!)
}

function serve(way: WallsWay, runtime: string, trees: string): void {
  process.umask(0o022)
  const folder = `${runtime}/m`
  mkdirSync(folder, { mode: 0o700 })
  mkdirSync(`${runtime}/p`, { mode: 0o700 })
  const pipes = pipeMaker(`${runtime}/p`)
  const spawn: Edges['spawn'] = async (walled, terminal, events) => {
    if (!terminal) return spawnPipe(walled, await pipes.make(), events)
    const { spawnPty } = await import('../../src/edge/spawn-pty.ts')
    return spawnPty(walled, terminal, events)
  }
  const walls = way === 'folder' ? null : buildFullWalls({ folder, runtime, trees, tools: findTools() })
  const spares = way === 'spare' && openSpareWalls({ build: walls!.build, spawn, fifo: pipes.fifo })
  const stopKeeper = walls ? () => {} : startKeeper(folder)
  let started = 0
  const running = new Map<string, { walled: Walled; child: Child }>()

  const begin = async (name: string, { tree, line, environment, terminal }: WalledCommand) => {
    const launch = {
      line,
      slug: basename(tree),
      environment: { ...environment, DYNO: name },
      terminal,
      walls: null,
    }
    if (spares) {
      await spares.prepare(terminal !== null)
      await sleep(HEAD_STARTS[started++ % HEAD_STARTS.length])
    }
    const full = spares ? spares.enclose(launch) : walls?.build({ terminal: terminal !== null })
    if (!spares) full?.admit(launch)
    const walled = full?.walled ?? (await encloseInFolder(folder, tree, launch))
    await start(name, walled, terminal, async () => {
      if (full) full.discard()
      else await discardFolder(folder, name)
    })
  }

  const enter = async (name: string, dyno: string, guest: Guest) => {
    const { walled, child } = running.get(dyno)!
    await start(name, enterWalls(walled, child.pid, guest), guest.terminal, async () => {})
  }

  const start = async (
    name: string,
    walled: Walled,
    terminal: TerminalSize | null,
    discard: () => Promise<void>,
  ) => {
    const finish = async (status: number, message: string | null) => {
      running.delete(name)
      await endSurvivors(walled)
      await discard()
      tell({ name, status, message })
    }
    const events = {
      output: (stream: 'stdout' | 'stderr', chunk: Uint8Array) =>
        tell({ name, stream, text: Buffer.from(chunk).toString() }),
      drained() {},
      left: () => void endSurvivors(walled),
      exited: (exit: Parameters<typeof exitStatus>[0]) =>
        void finish(exitStatus(exit), exit.how === 'failed' ? exit.problem.message : null),
    }
    const child = await (spares || { spawn }).spawn(walled, terminal, events)
    running.set(name, { walled, child })
    tell({ name, pid: child.pid })
  }

  const obey = (order: WalledOrder): void => {
    const { name } = order
    const one = running.get(name)
    const refuse = (error: Error) => tell({ name, status: 1, message: error.message })
    if ('run' in order) begin(name, order.run).catch(refuse)
    else if ('enter' in order) enter(name, order.dyno, order.enter).catch(refuse)
    else if ('signal' in order) signalDyno(one!.walled, one!.child.pid, order.signal)
    else if ('type' in order) one!.child.write(Buffer.from(order.type))
    else one!.child.end()
  }

  createInterface({ input: process.stdin })
    .on('line', (line) => obey(JSON.parse(line)))
    .on('close', () => {
      if (spares) spares.close()
      stopKeeper()
      process.exit()
    })
}

function tell(fact: WalledFact): void {
  process.stdout.write(`${JSON.stringify(fact)}\n`)
}
