/** Ctrl-] as telnet has it: no shell and few programs want it. */
export const DETACH_KEY = '\u001d'
