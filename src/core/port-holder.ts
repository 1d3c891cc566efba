import { cut, safeText } from './safe-text.ts'

/** Why a TCP port cannot be bound. */
export type PortHolder =
  | { readonly is: 'process'; readonly pid: number; readonly command: string }
  /** Somebody whose processes we may not look into. */
  | { readonly is: 'unknown' }
  /** Nobody: only root may bind it. */
  | { readonly is: 'reserved' }

/** One sentence that names who has the port and what to do; `another` says how another port is chosen. */
export function describeHolder(
  port: number,
  holder: PortHolder,
  another = 'choose another base port with -p',
): string {
  switch (holder.is) {
    case 'process': {
      if (isAirPlay(holder.command)) return `Port ${port} is taken by ${AIRPLAY}, or ${another}.`
      const app = MANIFOLD.exec(holder.command)?.[1]
      if (app !== undefined) {
        return `Port ${port} is taken by dyno for the app in ${named(app)}; type 'dyno down' there, or ${another}.`
      }
      const command = cut(named(holder.command), LONGEST_COMMAND)
      return `Port ${port} is taken by '${command}' (pid ${holder.pid}); stop it, or ${another}.`
    }
    case 'unknown':
      return `Port ${port} is taken by another user's program; stop it, or ${another}.`
    case 'reserved':
      return `Port ${port} is for root only; ${another} (1024 or above).`
    default:
      return holder satisfies never
  }
}

// Another app's: whoever ended the process would end all its dynos with it.
const MANIFOLD = / __manifold (\/.+) (?:terminal|pipes)$/

const LONGEST_COMMAND = 60

// https://developer.apple.com/forums/thread/682332: macOS 12 and later listen on 5000 and 7000.
const AIRPLAY =
  "AirPlay Receiver of macOS; turn it off in System Settings under 'General', 'AirDrop & Handoff'"

function isAirPlay(command: string): boolean {
  return /\/ControlCenter(?:\s|$)|\/AirPlayXPCHelper(?:\s|$)/.test(command)
}

// A process names itself as it likes.
function named(text: string): string {
  return safeText(text).trim()
}
