import { command as api } from './api/api.ts'
import { command as heroku } from './api/heroku.ts'
import { command as attachDyno } from './attach-dyno.ts'
import { command as check } from './check/check.ts'
import type { Command } from './command.ts'
import { command as completion } from './completion/completion.ts'
import { config, configGet } from './config/config.ts'
import { configSet, configUnset } from './config/config-change.ts'
import { command as configEdit } from './config/config-edit.ts'
import { command as ui } from './dashboard/ui.ts'
import { command as demo } from './demo/demo.ts'
import { command as doctor } from './doctor/doctor.ts'
import { command as down } from './formation/down.ts'
import { command as start } from './formation/start.ts'
import { command as logs } from './logs/logs.ts'
import { maintenance, maintenanceOff, maintenanceOn } from './maintenance.ts'
import { command as run } from './one-off/run.ts'
import { command as runDetached } from './one-off/run-detached.ts'
import { command as open } from './open.ts'
import { command as ps } from './ps/ps.ts'
import { command as psExec } from './ps/ps-exec.ts'
import { command as psRestart } from './ps/ps-restart.ts'
import { command as psScale } from './ps/ps-scale.ts'
import { command as psStop } from './ps/ps-stop.ts'
import { command as psWait } from './ps/ps-wait.ts'
import { command as release } from './releases/release.ts'
import { releases, releasesInfo } from './releases/releases.ts'
import { command as rollback } from './releases/rollback.ts'
import { command as slugBuild } from './slugs/slug-build.ts'
import { slugDiff, slugInfo } from './slugs/slug-info.ts'
import { slugs, slugsPrune } from './slugs/slugs.ts'
import { command as version } from './version.ts'

// The commands are small clients that share most of what they load, so they come in one piece: a file each costs
// a millisecond each. What is heavy (packing, probing, starting a manifold) they load themselves when they need it.

/** Every command by its name, in the order in which help lists them. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map([
  ['run', run],
  ['run:detached', runDetached],
  ['start', start],
  ['down', down],
  ['ps', ps],
  ['ps:scale', psScale],
  ['ps:restart', psRestart],
  ['ps:stop', psStop],
  ['ps:wait', psWait],
  ['ps:exec', psExec],
  ['attach', attachDyno],
  ['ui', ui],
  ['logs', logs],
  ['release', release],
  ['releases', releases],
  ['releases:info', releasesInfo],
  ['rollback', rollback],
  ['config', config],
  ['config:get', configGet],
  ['config:set', configSet],
  ['config:unset', configUnset],
  ['config:edit', configEdit],
  ['slug:build', slugBuild],
  ['slug:info', slugInfo],
  ['slug:diff', slugDiff],
  ['slugs', slugs],
  ['slugs:prune', slugsPrune],
  ['open', open],
  ['maintenance', maintenance],
  ['maintenance:on', maintenanceOn],
  ['maintenance:off', maintenanceOff],
  ['api', api],
  ['heroku', heroku],
  ['check', check],
  ['demo', demo],
  ['doctor', doctor],
  ['completion', completion],
  ['version', version],
])

/** Other names people know them by. */
export const ALIASES: ReadonlyMap<string, string> = new Map([
  ['ps:kill', 'ps:stop'],
  ['stop', 'ps:stop'],
  ['kill', 'ps:stop'],
  ['scale', 'ps:scale'],
  ['restart', 'ps:restart'],
  ['wait', 'ps:wait'],
  ['exec', 'ps:exec'],
  ['run:inside', 'ps:exec'],
  ['deploy', 'release'],
  ['releases:rollback', 'rollback'],
  ['up', 'start'],
  ['local', 'start'],
  ['local:start', 'start'],
  ['local:run', 'run'],
  ['--version', 'version'],
  ['-v', 'version'],
])

/** The command of this name, whichever of its names it is. */
export function findCommand(name: string): Command | undefined {
  return COMMANDS.get(ALIASES.get(name) ?? name)
}

/** The names of this command but the proper one; flags such as `--version` are none. */
export function otherNames(name: string): string[] {
  const proper = ALIASES.get(name) ?? name
  return [...ALIASES].filter(([alias, of]) => of === proper && !alias.startsWith('-')).map(([alias]) => alias)
}
