import { uuidOf } from '../app.ts'
import { Problem } from '../problem.ts'
import { quotaOf, SIZES } from '../size.ts'

// What there is of everything that Heroku has and one machine has only one of, or none.

/** A person of this machine as an account: shapes that name somebody have its `id` and `email`. */
export function personOf(user: string): { readonly id: string; readonly email: string } {
  return { id: uuidOf(`user ${user}`), email: `${user}@localhost` }
}

/** `GET /account`: who has the API's key; `since` is in milliseconds since 1970. */
export function accountJson(user: string, since: number): object {
  const at = new Date(since).toISOString()
  return {
    ...personOf(user),
    ...{ name: user, verified: true, beta: false, federated: false, allow_tracking: false },
    ...{ two_factor_authentication: false, country_of_residence: null, sms_number: null },
    ...{ default_organization: null, default_team: null, identity_provider: null },
    ...{ delinquent_at: null, suspended_at: null, last_login: null, created_at: at, updated_at: at },
  }
}

/** What dynos run on: this machine, which goes by the name of Heroku's newest stack for clients that ask. */
export const STACK = named('heroku-24')
/** Heroku's name for dynos as they are here. */
export const GENERATION = named('cedar')
/** Where all apps are. Clients take any other name than `us` for one worth showing. */
export const REGION = named('us')

const EPOCH = '2024-01-01T00:00:00.000Z'
const SINCE = { created_at: EPOCH, updated_at: EPOCH }

/** `GET /stacks`. */
const STACKS = [{ ...STACK, ...SINCE, default: true, state: 'public' }]

/** `GET /regions`. */
const REGIONS = [
  {
    ...REGION,
    ...SINCE,
    ...{ country: 'Local', locale: 'Localhost', description: 'This machine', private_capable: false },
    provider: { name: 'localhost', region: 'us-east-1' },
  },
]

/** `GET /dyno-sizes`: nothing costs anything here; `memory` is in GB. */
const DYNO_SIZES = SIZES.map((name) => ({
  ...named(name),
  ...{ compute: 0, dyno_units: 0, cost: null, private_space_only: false },
  ...{ dedicated: name.startsWith('Performance'), memory: quotaOf(name) / 1024 ** 3, generation: GENERATION },
}))

/** Lists that are the same for everybody, where they are, and what each of them is called. */
export const KNOWN = [
  { path: '/regions', what: 'region', list: REGIONS },
  { path: '/stacks', what: 'stack', list: STACKS },
  { path: '/dyno-sizes', what: 'dyno size', list: DYNO_SIZES },
] as const

/** The one of these that a name, in whatever case, or an id means; throws a Problem where there is none. */
export function oneKnown(
  list: readonly { readonly id: string; readonly name: string }[],
  name: string,
  what: string,
): object {
  const found = list.find((each) => each.id === name || each.name.toLowerCase() === name.toLowerCase())
  if (found) return found
  throw new Problem('not-found', `Couldn't find that ${what}.`)
}

/** Lists of what no app and no person has here, by where they are asked for. */
export const EMPTY = [
  ...['addons', 'addon-attachments', 'features', 'log-drains', 'buildpack-installations'],
  ...['domains', 'sni-endpoints', 'webhooks', 'review-apps', 'builds', 'telemetry-drains'],
].map((name) => `/apps/:/${name}`)

/** … and those of no app. */
export const EMPTY_OF_PERSON = [
  ...[
    '/addons',
    '/addon-attachments',
    '/pipelines',
    '/teams',
    '/spaces',
    '/account/keys',
    '/account/features',
    '/addon-services',
    '/addon-services/:/plans',
  ],
  ...['/oauth/authorizations', '/oauth/clients', '/oauth/sessions'],
]

/** `GET /apps/:app/collaborators`: its owner. */
export function collaborators(app: AppPart, user: string, at: string): object[] {
  const role = { role: 'owner', permissions: [], created_at: at, updated_at: at }
  return [
    {
      app: partOf(app),
      id: uuidOf(`${app.id} ${user}`),
      user: { ...personOf(user), federated: false },
      ...role,
    },
  ]
}

type AppPart = { readonly id: string; readonly name: string }

const partOf = ({ id, name }: AppPart): AppPart => ({ id, name })

function named(name: string): { readonly id: string; readonly name: string } {
  return { id: uuidOf(name), name }
}
