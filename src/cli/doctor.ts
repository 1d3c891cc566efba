import { FOLDER_COST, type NamespaceSettings, wallsAdvice } from '../core/walls.ts'
import type { Command } from './command.ts'
import { makeFolders, placeOf } from './place.ts'

export const command: Command = {
  usage: 'dyno doctor',
  summary: 'Says what walls dynos have on this machine, and how to get better ones.',
  flags: [],
  async run() {
    const place = placeOf('/')
    makeFolders(place)
    const { runtime, cache, state } = place.folders
    const { probeWalls, readNamespaceSettings } = await import('../edge/walls/probe-walls.ts')
    const { findTools } = await import('../edge/walls/find-tools.ts')
    const tools = findTools()
    const { probe } = await probeWalls(runtime, tools)
    const lines = probe.full
      ? ['Walls: full. Every dyno has its own /app, /tmp, process tree and user; the host is read-only.']
      : folderLines(probe.reason, readNamespaceSettings(tools))
    lines.push('', `Sockets: ${runtime}`, `Slugs:   ${cache}`, `Logs:    ${state}`)
    process.stdout.write(`${lines.join('\n')}\n`)
    return 0
  },
}

function folderLines(reason: string, settings: NamespaceSettings): string[] {
  const { cause, commands } = wallsAdvice(settings)
  return [
    `Walls: folders only. ${FOLDER_COST}`,
    `Why: ${cause} (It said: ${reason})`,
    ...(commands.length > 0 ? ['To get full walls:', ...commands.map((each) => `  ${each}`)] : []),
  ]
}
