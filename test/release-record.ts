import type { ReleaseRecord } from '../src/core/release-record.ts'

/** A release that succeeded, but for what is said otherwise. */
export const release = (version: number, parts: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  ...{
    version,
    id: `id-${version}`,
    status: 'succeeded',
    description: 'Deploy',
    user: 'ada',
    createdAt: version,
  },
  ...{
    slug: 'ab'.repeat(32),
    processTypes: new Map([['web', 'node web.js']]),
    config: { A: '1' },
    settings: {},
  },
  ...parts,
})
