import { pathMatches } from '../api/exchange.ts'
import { EMPTY, EMPTY_OF_PERSON, KNOWN } from './resources.ts'

/** What a public answer is made of: a shape of `public-json.ts`, or what the manifold says as it is. */
export type Shape = 'app' | 'dyno' | 'formation' | 'release' | 'log session' | 'slug' | 'plain'

/** A request that strangers may make. */
export type PublicRoute = {
  /** Method and path; `:` stands for anything. */
  readonly pattern: string
  readonly shape: Shape
  /** Fields of the body that are handed on; all of them where every name is somebody's own. */
  readonly takes?: readonly string[] | 'all'
  /** What a list can be sorted and cut by, the first unless it is said. */
  readonly ranges?: readonly string[]
}

const DYNO = ['command', 'attach', 'env', 'force_no_tty', 'size', 'type', 'time_to_live']
const NAMED = ['name', 'id']

/** Every request that is let through. What is not here can only be asked for on the manifold's own socket. */
export const PUBLIC_ROUTES: readonly PublicRoute[] = [
  { pattern: 'GET /apps/:', shape: 'app' },
  { pattern: 'PATCH /apps/:', shape: 'app', takes: ['maintenance'] },
  { pattern: 'GET /apps/:/dynos', shape: 'dyno', ranges: NAMED },
  { pattern: 'POST /apps/:/dynos', shape: 'dyno', takes: DYNO },
  { pattern: 'DELETE /apps/:/dynos', shape: 'plain' },
  { pattern: 'GET /apps/:/dynos/:', shape: 'dyno' },
  { pattern: 'POST /apps/:/dynos/:', shape: 'dyno', takes: ['command', 'env', 'force_no_tty'] },
  { pattern: 'DELETE /apps/:/dynos/:', shape: 'plain' },
  { pattern: 'POST /apps/:/dynos/:/actions/stop', shape: 'plain' },
  { pattern: 'GET /apps/:/formation', shape: 'formation', ranges: ['type', 'id'] },
  { pattern: 'PATCH /apps/:/formation', shape: 'formation', takes: ['updates'] },
  { pattern: 'GET /apps/:/formation/:', shape: 'formation' },
  { pattern: 'PATCH /apps/:/formation/:', shape: 'formation', takes: ['quantity', 'size'] },
  { pattern: 'DELETE /apps/:/formations/:', shape: 'plain' },
  { pattern: 'POST /apps/:/formations/:/actions/stop', shape: 'plain' },
  { pattern: 'GET /apps/:/releases', shape: 'release', ranges: ['version', 'id'] },
  { pattern: 'POST /apps/:/releases', shape: 'release', takes: ['release', 'slug', 'description'] },
  { pattern: 'GET /apps/:/releases/:', shape: 'release' },
  { pattern: 'GET /apps/:/releases/:/config-vars', shape: 'plain' },
  { pattern: 'GET /apps/:/config-vars', shape: 'plain' },
  { pattern: 'PATCH /apps/:/config-vars', shape: 'plain', takes: 'all' },
  {
    pattern: 'POST /apps/:/log-sessions',
    shape: 'log session',
    takes: ['dyno', 'dyno_name', 'type', 'lines', 'source', 'tail'],
  },
  {
    pattern: 'POST /apps/:/slugs',
    shape: 'slug',
    takes: ['process_types', 'commit', 'commit_description', 'buildpack_provided_description', 'checksum'],
  },
  { pattern: 'GET /apps/:/slugs/:', shape: 'slug' },
  { pattern: 'GET /apps/:/collaborators', shape: 'plain', ranges: ['id'] },
  ...EMPTY.map(
    (path): PublicRoute => ({ pattern: `GET ${path}`, shape: 'plain', ranges: ['id', 'hostname'] }),
  ),
  ...[...EMPTY_OF_PERSON, ...KNOWN.map(({ path }) => path)].map(
    (path): PublicRoute => ({ pattern: `GET ${path}`, shape: 'plain', ranges: NAMED }),
  ),
  ...['/account', '/users/:', '/account/rate-limits', ...KNOWN.map(({ path }) => `${path}/:`)].map(
    (path): PublicRoute => ({ pattern: `GET ${path}`, shape: 'plain' }),
  ),
  ...['/apps', '/users/~/apps'].map(
    (path): PublicRoute => ({ pattern: `GET ${path}`, shape: 'app', ranges: NAMED }),
  ),
]

/** The route of a request; undefined where it is not let through. */
export function publicRoute(method: string, path: string): PublicRoute | undefined {
  return PUBLIC_ROUTES.find(({ pattern }) => pathMatches(pattern, method, path.split('/').slice(1)))
}

/** Of a request's body what its route hands on; null where that takes none. */
export function bodyTaken({ takes }: PublicRoute, body: unknown): unknown {
  if (takes === undefined) return null
  if (takes === 'all' || typeof body !== 'object' || body === null || Array.isArray(body)) return body
  return Object.fromEntries(Object.entries(body).filter(([name]) => takes.includes(name)))
}
