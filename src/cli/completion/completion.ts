import { Problem } from '../../core/problem.ts'
import { safeText } from '../../core/safe-text.ts'
import type { Command } from '../command.ts'
import { COMPLETION_SCRIPTS } from './completion-scripts.ts'

const SHELLS = Object.keys(COMPLETION_SCRIPTS)

export const command: Command = {
  usage: `dyno completion ${SHELLS.join('|')}`,
  summary: 'Prints what makes your shell complete commands, flags, process types and dynos.',
  flags: [],
  words: [[{ oneOf: SHELLS }]],
  examples: [
    'eval "$(dyno completion bash)"      # in ~/.bashrc',
    'source <(dyno completion zsh)       # in ~/.zshrc, after compinit',
    'dyno completion fish | source       # in ~/.config/fish/config.fish',
    'dyno completion bash > ~/.local/share/bash-completion/completions/dyno   # if you have bash-completion',
    'dyno completion zsh > ~/.zsh/_dyno  # a folder of $fpath, named before compinit',
    'dyno completion fish > ~/.config/fish/completions/dyno.fish',
  ],
  run({ words: [shell] }) {
    const script = Object.entries(COMPLETION_SCRIPTS).find(([name]) => name === shell)?.[1]
    if (script === undefined) {
      const wrong = shell === undefined ? '' : ` There is none for '${safeText(shell)}'.`
      const usage = `Usage: ${command.usage}.${wrong} Example: eval "$(dyno completion bash)"`
      return Promise.reject(new Problem('usage', usage))
    }
    process.stdout.write(script)
    return Promise.resolve(0)
  },
}
