import { mkdirSync } from 'node:fs'
import { describeHolder } from '../../core/port-holder.ts'
import { Problem } from '../../core/problem.ts'
import { serveSite } from '../../edge/api/serve-site.ts'
import { serveAttach } from '../../edge/attach/serve-attach.ts'
import { findHolder } from '../../edge/ports/find-holder.ts'
import { cacheAt } from '../../edge/slugs/cache-folder.ts'
import { keepCertificate } from '../../edge/tls/keep-certificate.ts'
import type { OpenSite, Site } from '../../manifold/platform/site.ts'
import { type Place, tlsFolder } from '../place.ts'

/** Serves the Platform API and the terminals that it leads to; throws a Problem when the port is taken. */
export async function openSite(place: Place, site: Site, port: number | null): Promise<OpenSite> {
  const folder = tlsFolder(place)
  const { slugs } = cacheAt(place.folders.cache)
  mkdirSync(slugs, { recursive: true })
  const certificate = await keepCertificate(folder, [])
  const served = await serveSite(site, { port: port ?? 0, folder: slugs }).catch(
    async (error: NodeJS.ErrnoException) => {
      if (port === null || !['EADDRINUSE', 'EACCES'].includes(error.code ?? '')) throw error
      const holder = error.code === 'EACCES' ? ({ is: 'reserved' } as const) : await findHolder(port)
      throw new Problem('port', describeHolder(port, holder, 'name another --port'))
    },
  )
  try {
    const attach = await serveAttach({ port: 0, certificate, hostKey: certificate.key, meet: site.meet })
    return {
      url: `http://localhost:${served.port}`,
      attachPort: attach.port,
      authority: `${folder}/ca.pem`,
      close() {
        served.close()
        attach.close()
      },
    }
  } catch (error) {
    served.close()
    throw error
  }
}
