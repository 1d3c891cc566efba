/** What checks may ask about the app folder; paths are relative to it. */
export type AppFacts = {
  kindOf(path: string): 'missing' | 'file' | 'program' | 'folder'
  /** Whether .slugignore leaves it out. */
  isLeftOut(path: string): boolean
  /** A file's text; undefined when it is missing, or too large for this. */
  textOf(path: string): string | undefined
}
