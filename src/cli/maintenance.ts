import { appOf, askDynos } from './ask-dynos.ts'
import { APP_FLAG, type Command } from './command.ts'
import { appPath, findPlace } from './place.ts'
import { beginLine, endLine } from './print.ts'

/** Whether the app's router shows a page of its own instead of the app. */
export const maintenance: Command = {
  usage: 'dyno maintenance',
  summary: 'Says whether the app is in maintenance mode.',
  flags: [APP_FLAG],
  examples: ['dyno maintenance\noff'],
  async run({ flags }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    const app = await appOf(place)
    process.stdout.write(`${app?.maintenance ? 'on' : 'off'}\n`)
    return 0
  },
}

export const maintenanceOn = turning(true)
export const maintenanceOff = turning(false)

function turning(isOn: boolean): Command {
  const word = isOn ? 'on' : 'off'
  const gerund = isOn ? 'Enabling' : 'Disabling'
  return {
    usage: `dyno maintenance:${word}`,
    summary: isOn
      ? 'Answers every request with a page (H80) and lets none through.'
      : 'Lets requests through again.',
    flags: [APP_FLAG],
    examples: [`dyno maintenance:${word}\n${gerund} maintenance mode for widgets... done`],
    async run({ flags }) {
      const place = findPlace(flags.get('app'), { anywhere: true })
      beginLine(process.stdout, `${gerund} maintenance mode for ${place.app.name}... `)
      await askDynos(place, { method: 'PATCH', path: appPath(place), body: { maintenance: isOn } })
      endLine('done')
      return 0
    },
  }
}
