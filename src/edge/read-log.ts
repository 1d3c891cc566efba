import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { type LogQuery, passesFilter } from '../core/log.ts'

/** The newest lines of the log in `folder` that pass the query, oldest first; none where there is no log. */
export async function readLog(folder: string, query: LogQuery): Promise<string[]> {
  let lines: string[] = []
  for (const name of ['log.1', 'log']) {
    for await (const line of linesOf(`${folder}/${name}`)) {
      if (!passesFilter(line, query)) continue
      lines.push(line)
      if (lines.length > query.count * 2 + 1000) lines = lines.slice(-query.count)
    }
  }
  return query.count === 0 ? [] : lines.slice(-query.count)
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const stream = createReadStream(path, 'utf8')
  try {
    yield* createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
