import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { prepareUpload, sendUpload } from '../../src/cli/api/uploaded-slug.ts'
import { placeOf } from '../../src/cli/place.ts'
import { pruneSlug, slugsInUse } from '../../src/edge/slugs/prune-slugs.ts'
import { until } from '../harness.ts'

const work = mkdtempSync(`${tmpdir()}/dyno-t-`)
after(() => rmSync(work, { recursive: true }))
const { folders, ...rest } = placeOf(work)
const place = { ...rest, folders: { ...folders, cache: `${work}/cache` } }

/** Sends an app with these files, the file gone afterwards; its SHA-256. */
async function upload(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  mkdirSync(`${work}/tree/app`, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(`${work}/tree/app/${name}`, text)
  execFileSync('tar', ['-czf', `${work}/sent`, '-C', `${work}/tree`, './app'])
  try {
    return (await prepareUpload(place, `${work}/sent`)).sha256
  } finally {
    rmSync(`${work}/sent`)
    rmSync(`${work}/tree`, { recursive: true })
  }
}

test('a slug that was sent is not in use by its file, which is gone', async () => {
  // Its own, for a slug in use anywhere on this machine is in use.
  const sha256 = await upload({ Procfile: `web: ${randomBytes(8).toString('hex')}\n` })
  assert.ok(!slugsInUse(place.folders.cache).has(sha256))
  pruneSlug(place.folders.cache, sha256)
  await assert.rejects(sendUpload(place, sha256), { code: 'not-found' })
})

const openBelow = (folder: string): string[] =>
  readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${fd}`)
      return path.startsWith(folder) ? [path] : []
    } catch {
      return [] // that of the listing itself
    }
  })

test('a slug whose reader leaves in the middle leaves no file open', {
  skip: process.platform !== 'linux',
}, async () => {
  const sha256 = await upload({ Procfile: 'web: x\n', a: randomBytes(24 * 1024 * 1024), b: 'more' })
  for await (const _ of await sendUpload(place, sha256)) {
    if (openBelow(work).length > 0) break
  }
  await until(
    () => openBelow(work).length === 0,
    () => `open: ${openBelow(work)}`,
  )
})

test('a slug that goes while it is read is told of to its reader, however slow, and to nobody else', async () => {
  const files = Array.from({ length: 200 }, (_, i): [string, Buffer] => [`f${i}`, randomBytes(10_000)])
  const sha256 = await upload({ Procfile: 'web: x\n', ...Object.fromEntries(files) })
  const read = async () => {
    let isFirst = true
    for await (const _ of await sendUpload(place, sha256)) {
      if (isFirst) pruneSlug(place.folders.cache, sha256)
      isFirst = false
      await sleep(20)
    }
  }
  await assert.rejects(read(), { code: 'ENOENT' })
})
