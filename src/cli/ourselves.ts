/** Whether all of us is one file, which has no folder beside it. */
export function isOneFile(): boolean {
  return process.getBuiltinModule('node:sea').isSea()
}

/** How to start ourselves once more, for another command: the program, and the words before that command's. */
export function ourCommand(): { readonly program: string; readonly words: readonly string[] } {
  return { program: process.execPath, words: isOneFile() ? [] : [process.argv[1]!] }
}
