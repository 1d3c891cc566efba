import { Problem } from '../../core/problem.ts'
import { findTools } from './find-tools.ts'
import { START_SCRIPT } from './wall-script.ts'

/** The program that runs a line where there are no namespaces: it ends with the manifold, where the kernel can do that. */
export function startArgv(line: string): [string, ...string[]] {
  const { found } = findTools()
  const bash = found.get('bash')
  const setpriv = found.get('setpriv')
  if (bash === undefined) throw new Problem('walls', 'A dyno needs bash, which is not installed; install it.')
  const start = ['--norc', '-c', START_SCRIPT, bash, line]
  return setpriv ? [setpriv, '--pdeathsig', 'KILL', bash, ...start] : [bash, ...start]
}
