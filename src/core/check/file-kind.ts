/** What `dyno check` can read. */
export type FileKind = 'procfile' | 'dotenv' | 'slugignore' | 'profile' | 'app-json'

/** What a file is, by its name: `Procfile.dev`, `.env.local`, `config/sample.env`; anything else is a Procfile. */
export function fileKind(path: string): FileKind {
  const name = path.split('/').at(-1)!
  if (name === 'app.json') return 'app-json'
  if (name === '.slugignore') return 'slugignore'
  if (name === '.profile' || /(?:^|\/)\.profile\.d\/[^/]+$/.test(path)) return 'profile'
  if (/procfile/i.test(name)) return 'procfile'
  return /env/i.test(name) ? 'dotenv' : 'procfile'
}
