import assert from 'node:assert/strict'
import test from 'node:test'
import {
  eagerImports,
  impurities,
  packagesWithTwoDoors,
  type Source,
  wrongImports,
  wrongReadme,
  wrongShape,
} from './house-rules.ts'

const source = (path: string, text: string): Source => ({ path, text })
const FAULTS: readonly (readonly [says: string, found: readonly string[]])[] = [
  ['an import upward', wrongImports(source('src/core/a.ts', "import { x } from '../edge/x.ts'"))],
  [
    'a type from above',
    wrongImports(source('src/edge/a.ts', "import type {\n  X,\n} from '../manifold/x.ts'")),
  ],
  ['an import sideways', wrongImports(source('src/edge/a.ts', "const x = await import('./walls/x.ts')"))],
  [
    'one edge folder in another',
    wrongImports(source('src/edge/walls/a.ts', "export * from '../slugs/x.ts'")),
  ],
  [
    'an edge beneath the others that imports one',
    wrongImports(source('src/edge/write-whole.ts', "import { x } from './make-id.ts'")),
  ],
  [
    'an edge’s import of another as low as that',
    wrongImports(source('src/edge/logs/a.ts', "import { x } from '../make-id.ts'")),
  ],
  ['Node in core', wrongImports(source('src/core/a.ts', "import 'node:fs'"))],
  ['src importing a test', wrongImports(source('src/cli/a.ts', "import { x } from '../../test/harness.ts'"))],
  ['a clock in core', impurities(source('src/core/a.ts', 'const at = new Date( )'))],
  ['waiting in core', impurities(source('src/core/a.ts', 'x(async () => {})'))],
  [
    'a second door',
    packagesWithTwoDoors([
      source('src/edge/a.ts', "import 'tar'"),
      source('src/cli/b.ts', "import('tar/x')"),
    ]),
  ],
  ['a long file', wrongShape(source('src/cli/a.ts', 'x\n'.repeat(251)))],
  ['a default export', wrongShape(source('src/cli/a.ts', 'x\nexport default x\n'))],
  ['utils', wrongShape(source('src/core/utils.ts', ''))],
  ['a README of a file that is gone', wrongReadme(source('README.md', '`a.ts` `b.ts`'), ['a.ts'])],
  ['a README without a file', wrongReadme(source('README.md', '`a.ts`'), ['a.ts', 'walls/'])],
  ['a long README', wrongReadme(source('README.md', 'x\n'.repeat(26)), [])],
  [
    'an eager import',
    eagerImports(source('src/cli/main.ts', "import type { A } from 'a'\nimport { b } from 'b'")),
  ],
]

for (const [says, found] of FAULTS) {
  test(`${says} is a fault that is found`, () => assert.equal(found.length, 1))
}

const FINE: readonly (readonly [says: string, found: readonly string[]])[] = [
  ['an edge folder’s own file', wrongImports(source('src/edge/walls/a.ts', "import { x } from './x.ts'"))],
  [
    'an edge’s import of the one beneath all edges',
    wrongImports(source('src/edge/walls/a.ts', "import { writeWhole } from '../write-whole.ts'")),
  ],
  ['a date with an argument', impurities(source('src/core/a.ts', 'new Date(at) // process.env, await'))],
  [
    'two files of one edge folder',
    packagesWithTwoDoors([
      source('src/edge/w/a.ts', "import 'tar'"),
      source('src/edge/w/b.ts', "import 'tar'"),
    ]),
  ],
  [
    'an import on demand',
    eagerImports(source('src/cli/main.ts', "const x = await import('tar')\nimport type { A } from 'a'")),
  ],
]

for (const [says, found] of FINE) {
  test(`${says} is no fault`, () => assert.deepEqual(found, []))
}
