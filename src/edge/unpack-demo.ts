import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { Problem } from '../core/problem.ts'

type DemoFile = { readonly path: string; readonly mode: number; readonly text: string }

/**
 * Lays the demo app down in a folder, out of the single binary or of the folder that came with the package; one that is
 * there already stays as somebody left it. Throws a Problem when the folder has anything else in it.
 */
export function unpackDemo(folder: string, bundled: string): void {
  if (existsSync(`${folder}/Procfile`)) return
  try {
    mkdirSync(folder, { recursive: true })
    if (readdirSync(folder).length > 0)
      throw new Problem('app', `${folder} has other things in it; name a new folder: dyno demo DIR.`)
    const { isSea, getAsset } = process.getBuiltinModule('node:sea')
    if (!isSea()) {
      cpSync(bundled, folder, { recursive: true })
      return
    }
    for (const { path, mode, text } of JSON.parse(getAsset('demo.json', 'utf8')) as DemoFile[]) {
      mkdirSync(dirname(`${folder}/${path}`), { recursive: true })
      writeFileSync(`${folder}/${path}`, text, { mode })
    }
  } catch (error) {
    if (error instanceof Problem) throw error
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message
    throw new Problem(
      'app',
      `The demo app cannot be laid down in ${folder} (${why}); name another folder: dyno demo DIR.`,
    )
  }
}
