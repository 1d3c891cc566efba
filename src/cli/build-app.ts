import { rmSync } from 'node:fs'
import { Problem } from '../core/problem.ts'
import { isExecutable } from '../edge/find-program.ts'
import { readText } from '../edge/read-text.ts'
import { attach } from './one-off/attach.ts'
import { createDyno, joinCreated } from './one-off/create-dyno.ts'
import { filesIn, temporaryFolder } from './one-off/keep-files.ts'
import type { Place } from './place.ts'

/** Where the slug is laid out and built: an app that is built is not the one in the app folder. */
export type BuiltApp = { readonly folder: string; discard(): void }

/**
 * Builds an app as a buildpack would, in a one-off with walls of its own: by its `bin/compile`, or by `heroku-postbuild`
 * of package.json. What the build says goes to standard output; throws a Problem when there is none or it fails.
 */
export async function buildApp(place: Place, say: (line: string) => void): Promise<BuiltApp> {
  const { line, name } = buildOf(place.app.root)
  say(`-----> Running ${name}`)
  const folder = temporaryFolder(place)
  const kept = filesIn(place, folder, { tells: false, keeps: true })
  const typed = { flags: new Map<string, string>(), words: [line] }
  const discard = () => rmSync(folder, { recursive: true, force: true })
  try {
    const created = await createDyno(place, typed, { ...NO_TERMINAL, kept }, () => {})
    const socket = await joinCreated(place, created, 'The build could not be joined; try again.')
    const status = await attach(socket, { tty: false, up() {} })
    if (status !== 0) throw new Problem('app', `${name} ended with status ${status}; there is no slug.`)
    await kept.finish()
    return { folder, discard }
  } catch (error) {
    discard()
    throw error
  }
}

const NO_TERMINAL = { tty: false, attach: true, force_no_tty: true } as const

// https://devcenter.heroku.com/articles/buildpack-api#bin-compile: BUILD_DIR, CACHE_DIR, ENV_DIR.
function buildOf(root: string): { line: string; name: string } {
  if (isExecutable(`${root}/bin/compile`)) {
    const line = 'mkdir -p /tmp/cache /tmp/env && bin/compile "$HOME" /tmp/cache /tmp/env'
    return { line, name: 'bin/compile' }
  }
  if (scriptsOf(`${root}/package.json`)['heroku-postbuild'])
    return { line: 'npm run heroku-postbuild', name: 'heroku-postbuild' }
  throw new Problem(
    'app',
    "There is nothing to build with: neither an executable bin/compile nor 'heroku-postbuild' in package.json.",
  )
}

function scriptsOf(path: string): Readonly<Record<string, string>> {
  try {
    const { scripts } = JSON.parse(readText(path) ?? '{}') as { scripts?: Record<string, string> }
    return scripts ?? {}
  } catch (error) {
    if (error instanceof Problem) throw error
    throw new Problem('app', `${path} is no JSON (${(error as Error).message}); mend it and try again.`)
  }
}
