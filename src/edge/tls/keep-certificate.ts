import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { generate } from 'selfsigned'
import { LOOPBACK } from '../../core/loopback.ts'
import { writeWhole } from '../write-whole.ts'

/** What a TLS server of this machine is, in PEM. */
export type Certificate = { readonly key: string; readonly cert: string }

/** Names by which every program of this machine can reach itself. */
const LOCAL = ['localhost', ...LOOPBACK]

const DAY = 24 * 60 * 60 * 1000
const [AUTHORITY_DAYS, CERTIFICATE_DAYS, SPARE_DAYS] = [3650, 397, 7]

/**
 * The certificate for this machine and these hosts, kept in `folder` for its owner only. It is made anew when it is
 * not there, cannot be read, is about to expire or lacks a host; the authority that signs it stays, so that who trusts
 * that need not do so again.
 */
export async function keepCertificate(folder: string, hosts: readonly string[]): Promise<Certificate> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const authority = readPair(folder, 'ca', []) ?? (await makeAuthority(folder))
  const names = [...new Set([...LOCAL, ...hosts])]
  const known = readPair(folder, 'localhost', names)
  const isOurs = known && new X509Certificate(known.cert).checkIssued(new X509Certificate(authority.cert))
  return isOurs ? known : makeCertificate(folder, authority, names)
}

async function makeAuthority(folder: string): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: 'dyno local authority' }], {
    ...{ keyType: 'ec', curve: 'P-256', algorithm: 'sha256', ...validFor(AUTHORITY_DAYS) },
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  return writePair(folder, 'ca', { key: made.private, cert: made.cert })
}

async function makeCertificate(
  folder: string,
  authority: Certificate,
  names: readonly string[],
): Promise<Certificate> {
  const altNames = names.map((name) =>
    isIP(name) ? ({ type: 7, ip: name } as const) : ({ type: 2, value: name } as const),
  )
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    ...{ keyType: 'ec', curve: 'P-256', algorithm: 'sha256', ...validFor(CERTIFICATE_DAYS), ca: authority },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  })
  return writePair(folder, 'localhost', { key: made.private, cert: made.cert })
}

// A clock that is a little slow is no reason to distrust it.
function validFor(days: number): { notBeforeDate: Date; notAfterDate: Date } {
  return { notBeforeDate: new Date(Date.now() - DAY), notAfterDate: new Date(Date.now() + days * DAY) }
}

// Whatever is wrong with it, a new one is as good.
function readPair(folder: string, name: string, hosts: readonly string[]): Certificate | undefined {
  try {
    const [key, cert] = [
      readFileSync(`${folder}/${name}.key`, 'utf8'),
      readFileSync(`${folder}/${name}.pem`, 'utf8'),
    ]
    const parsed = new X509Certificate(cert)
    const lasts = Date.parse(parsed.validTo) > Date.now() + SPARE_DAYS * DAY
    const hasAll = hosts.every(
      (host) => (isIP(host) ? parsed.checkIP(host) : parsed.checkHost(host)) !== undefined,
    )
    return lasts && hasAll && parsed.checkPrivateKey(createPrivateKey(key)) ? { key, cert } : undefined
  } catch {
    return undefined // not there yet, or half written
  }
}

// Two manifolds may make one at the same time: each file is whole, and a pair that does not match is made again.
function writePair(folder: string, name: string, pair: Certificate): Certificate {
  for (const [suffix, text] of [
    ['key', pair.key],
    ['pem', pair.cert],
  ] as const) {
    writeWhole(`${folder}/${name}.${suffix}`, text, { mode: 0o600 })
  }
  return pair
}
