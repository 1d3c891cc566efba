import type { RouterSettings } from '../../core/router/router.ts'
import type { Upstreams } from './send-upstream.ts'

/** How long after the port is open HTTP's other half is loaded, in milliseconds: the dynos' own start comes first. */
const SOON = 500

/** Connections with dynos, whose code (60 ms of CPU) is loaded for the first request, or when there is time. */
export function loadUpstreams(settings: Pick<RouterSettings, 'connect'>): Upstreams {
  let loading: Promise<Upstreams> | undefined
  let there: Upstreams | undefined
  let isClosed = false
  const open = async (): Promise<Upstreams> => {
    const { openUpstreams } = await import('./send-upstream.ts')
    there = openUpstreams(settings)
    return there
  }
  const load = (): Promise<Upstreams> => {
    loading ??= open()
    return loading
  }
  const timer = setTimeout(load, SOON).unref()
  return {
    send(...request) {
      if (there) there.send(...request)
      else void load().then((upstreams) => isClosed || upstreams.send(...request))
    },
    connectTime: (life) => there?.connectTime(life) ?? 0,
    forget: (life) => there?.forget(life),
    close() {
      isClosed = true
      clearTimeout(timer)
      there?.close()
    },
  }
}
