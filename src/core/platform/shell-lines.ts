/** Where `heroku` finds the manifold instead of Heroku. */
export type Pointer = {
  readonly url: string
  readonly key: string
  readonly app: string
  /** The file of authorities it is to trust. */
  readonly authorities: string
}

// It looks for nothing newer in the background, and keeps to one host in the person's configuration of git: it adds a
// section there for every other.
const QUIET = {
  DISABLE_TELEMETRY: 'true',
  HEROKU_DISABLE_AUTOUPDATE: 'true',
  HEROKU_SKIP_NEW_VERSION_CHECK: 'true',
  HEROKU_GIT_HOST: 'git.heroku.com',
}

/** The environment that sends Heroku's own CLI here, and nowhere else. */
export function pointerEnvironment({
  url,
  key,
  app,
  authorities,
}: Pointer): Readonly<Record<string, string>> {
  return {
    HEROKU_HOST: url,
    HEROKU_API_KEY: key,
    HEROKU_APP: app,
    HEROKU_PARTICLEBOARD_URL: url,
    NODE_EXTRA_CA_CERTS: authorities,
    ...QUIET,
  }
}

/** The lines that take all of it out of a shell again, but for the authorities that it named itself. */
export function unsetLines(authorities: string | undefined): string {
  const names = Object.keys(pointerEnvironment({ url: '', key: '', app: '', authorities: '' }))
  const own = authorities === undefined ? '' : exportLines({ NODE_EXTRA_CA_CERTS: authorities })
  return `unset ${names.join(' ')}\n${own}`
}

/** The lines that set it in a shell, whatever the names of folders hold. */
export function exportLines(environment: Readonly<Record<string, string>>): string {
  const quoted = (value: string) =>
    /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`
  return Object.entries(environment)
    .map(([name, value]) => `export ${name}=${quoted(value)}\n`)
    .join('')
}
