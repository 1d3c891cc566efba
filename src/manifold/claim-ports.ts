import { wantedPorts } from '../core/api/formation-api.ts'
import type { Formation } from '../core/formation.ts'
import { Problem } from '../core/problem.ts'
import type { Release } from '../core/release.ts'
import type { Edges } from './edges.ts'

/** How far apart the base ports are that are offered, and how many are looked at. */
const STEP = 100
const OFFERS = 20

/**
 * Makes sure that every port a formation needs is free, the router's included; throws a Problem that says who has the
 * first that is not, and offers a base port from which all of them are.
 */
export async function claimPorts(
  edges: Pick<Edges, 'claimPort'>,
  release: Release,
  formation: Formation,
): Promise<void> {
  try {
    await claimAll(edges, release, formation)
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'port')) throw error
    const offer = await freeBase(edges, release, formation)
    if (offer === undefined) throw error
    throw new Problem('port', `${error.message.replace(/\.$/, '')}: ${offer} is free.`, offer)
  }
}

async function claimAll(
  edges: Pick<Edges, 'claimPort'>,
  release: Release,
  formation: Formation,
): Promise<void> {
  if (release.router) await edges.claimPort(release.router.port)
  for (const port of wantedPorts(release, formation).values()) await edges.claimPort(port)
}

async function freeBase(
  edges: Pick<Edges, 'claimPort'>,
  release: Release,
  formation: Formation,
): Promise<number | undefined> {
  for (let offer = 1; offer <= OFFERS; offer++) {
    const basePort = release.basePort + offer * STEP
    const router = release.router ? { ...release.router, port: basePort } : null
    try {
      await claimAll(edges, { ...release, basePort, router }, formation)
      return basePort
    } catch (error) {
      if (!(error instanceof Problem)) throw error // that one is taken too, or there is no such port
    }
  }
  return undefined
}
