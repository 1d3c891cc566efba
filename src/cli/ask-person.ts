import { choiceRows } from '../tui/inline-rows.ts'
import { styleOf, themeOf } from '../tui/theme.ts'
import { drawsInPlace } from './our-terminal.ts'

/** Whether there is somebody who can be asked: keys come from a terminal, and what we say goes to one. */
export function canAsk(): boolean {
  return process.stdin.isTTY && drawsInPlace(process.stderr)
}

/** Asks a person for one of some choices; answers with its number, or undefined when none is wanted. */
export async function askChoice(question: string, choices: readonly string[]): Promise<number | undefined> {
  const { openInline } = await import('../tui/inline.ts') // React takes 100 ms
  const style = styleOf(themeOf(process.env))
  let chosen = 0
  const answered = Promise.withResolvers<number | undefined>()
  const view = openInline(process.stderr, (key) => {
    if (key === 'up') chosen = (chosen + choices.length - 1) % choices.length
    else if (key === 'down') chosen = (chosen + 1) % choices.length
    else if (key === 'enter') answered.resolve(chosen)
    else if (key === 'escape' || key === 'ctrl-c') answered.resolve(undefined)
    show()
  })
  const show = () => view.show(choiceRows(question, { choices, chosen }, style), 'wrapped')
  show()
  const answer = await answered.promise
  await view.close('goes')
  return answer
}
