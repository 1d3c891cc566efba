import { spawn } from 'node:child_process'
import { noFormation } from '../core/absence.ts'
import { Problem } from '../core/problem.ts'
import { safeText } from '../core/safe-text.ts'
import { appOf } from './ask-dynos.ts'
import { APP_FLAG, type Command } from './command.ts'
import { findPlace } from './place.ts'
import { warn } from './print.ts'

export const command: Command = {
  usage: 'dyno open [PATH]',
  summary: 'Prints the URL of the app and opens it in a browser.',
  flags: [APP_FLAG],
  words: [[]],
  examples: ['dyno open', 'dyno open /admin', 'curl $(dyno open)'],
  async run({ flags, words: [path = '/'] }) {
    const place = findPlace(flags.get('app'), { anywhere: true })
    const app = await appOf(place)
    if (!app) throw noFormation()
    if (app.web_url === null) {
      throw new Problem(
        'not-found',
        "No router runs: 'dyno start' opens one for a Procfile with web, without --no-router.",
      )
    }
    const url = URL.parse(path, app.web_url)?.href
    if (url === undefined)
      throw new Problem('usage', `'${safeText(path)}' is no path of a URL, such as /admin.`)
    process.stdout.write(`${url}\n`)
    // What reads our output wants the URL, not a window.
    if (process.stdout.isTTY && !(await opened(url)))
      warn(`Nothing here opens it (${OPENER}); copy it into a browser.`)
    return 0
  },
}

const OPENER = process.platform === 'darwin' ? 'open' : 'xdg-open'

function opened(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(OPENER, [url], { stdio: 'ignore', detached: true })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}
