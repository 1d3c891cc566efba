import { pathMatches } from '../api/exchange.ts'
import { cut, safeText } from '../safe-text.ts'
import { type Refusal, refusal } from './refusal.ts'

const ADDONS = 'There are no add-ons here; run the service yourself and set its config var.'
const BUILDPACKS = "There are no buildpacks here; 'dyno slug:build --build' runs your own bin/compile."
const BUILDS = "There are no builds here; 'dyno release' makes a release of the app folder."
const CERTIFICATES = "There are no certificates to add here; 'dyno start --tls' makes its own."
const DOMAINS = 'There are no domains here; the router answers at localhost.'
const DRAINS = "There are no drains here; 'dyno logs -t' follows the log."
const EXEC = "`ps:exec` cannot come here; type 'dyno ps:exec'."
const FEATURES = "There are no features here; what can be chosen is a flag of 'dyno start'."
const KEYS = "There are no keys here but that of 'dyno api --env'."
const PIPELINES = "There are no pipelines here; 'dyno release' makes a release of the app folder."
const WEBHOOKS = "There are no webhooks here; 'dyno logs -t' follows what happens."
const YOU = 'Everybody here is you.'

/** What cannot be had here, and what there is instead, by what would ask for it: the first that matches counts. */
const INSTEAD: readonly (readonly [instead: string, ...patterns: string[]])[] = [
  ["An app is a folder here; make one with a Procfile, and type 'dyno start' in it.", 'POST /apps'],
  [
    "An app is a folder here; end what runs of it with 'dyno down', and remove it yourself.",
    'DELETE /apps/:',
  ],
  [EXEC, 'GET /apps/:/features/runtime-heroku-exec', 'PATCH /apps/:/features/runtime-heroku-exec'],
  [FEATURES, ...orders('/apps/:/features', '/account/features', '/apps/:/features/:', '/account/features/:')],
  [ADDONS, ...orders('/apps/:/addons', '/apps/:/addon-attachments', '/addons', '/addon-attachments')],
  [ADDONS, ...orders('/addon-services', '/addon-services/:/plans')],
  [DRAINS, ...orders('/apps/:/log-drains', '/apps/:/telemetry-drains', '/telemetry-drains')],
  [BUILDPACKS, ...orders('/apps/:/buildpack-installations')],
  [BUILDS, ...orders('/apps/:/builds')],
  [DOMAINS, ...orders('/apps/:/domains')],
  [CERTIFICATES, ...orders('/apps/:/sni-endpoints')],
  [WEBHOOKS, ...orders('/apps/:/webhooks')],
  [PIPELINES, ...orders('/pipelines', '/pipeline-couplings', '/apps/:/review-apps', '/review-apps')],
  [
    YOU,
    ...orders('/apps/:/collaborators', '/account/app-transfers', '/teams'),
    'PATCH /teams/apps/:',
    'DELETE /apps/:/collaborators/:',
  ],
  ['There are no spaces here; every app has this machine.', ...orders('/spaces')],
  [KEYS, ...orders('/account/keys', '/oauth/authorizations', '/oauth/clients', '/oauth/sessions')],
]

/** What is looked for by a name that nothing can have here. */
const NOWHERE: readonly (readonly [sentence: string, ...patterns: string[]])[] = [
  ["Couldn't find that feature.", 'GET /apps/:/features/:', 'GET /account/features/:'],
  ['That app is in no pipeline; there are none here.', 'GET /apps/:/pipeline-couplings'],
]

/** The answer to a request that is not let through. */
export function refusedRoute(method: string, path: string): Refusal {
  const parts = path.split('/').slice(1)
  const isMeant = ([, ...patterns]: readonly string[]) =>
    patterns.some((pattern) => pathMatches(pattern, method, parts))
  const [instead, nowhere] = [INSTEAD.find(isMeant), NOWHERE.find(isMeant)]
  if (instead) return refusal(403, instead[0])
  return refusal(404, nowhere?.[0] ?? `There is no ${method} ${cut(safeText(path), 200)} here.`)
}

function orders(...paths: readonly string[]): string[] {
  return paths.flatMap((path) => ['POST', 'PUT', 'PATCH'].map((method) => `${method} ${path}`))
}
