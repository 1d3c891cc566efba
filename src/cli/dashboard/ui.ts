import { Problem } from '../../core/problem.ts'
import { findStart } from '../../edge/logs/find-line.ts'
import { logFolder } from '../../edge/logs/segments.ts'
import { APP_FLAG, type Command } from '../command.ts'
import { canDraw } from '../our-terminal.ts'
import { findPlace } from '../place.ts'
import { askedTheme, showDashboard, THEME_FLAGS } from './show-dashboard.ts'

/** How many lines of the log are read before the first picture. */
const BEFORE = 1000

export const command: Command = {
  usage: 'dyno ui',
  summary: 'Shows the dynos and their log, full screen, and takes orders by key; ? lists them.',
  flags: [APP_FLAG, ...THEME_FLAGS],
  examples: ['dyno ui', 'dyno ui --app ~/widgets'],
  async run({ flags }) {
    const theme = askedTheme(flags)
    if (!canDraw()) {
      throw new Problem(
        'usage',
        "dyno ui needs a terminal; 'dyno logs -t' and 'dyno ps' say the same in lines.",
      )
    }
    const place = findPlace(flags.get('app'), { anywhere: true })
    const from = findStart(logFolder(place.state), { count: BEFORE })
    return showDashboard(place, { from, theme })
  },
}
