/** Whether the system's error says that too many files are open, in this process or on the whole machine. */
export function isExhausted(error: unknown): boolean {
  return ['EMFILE', 'ENFILE'].includes((error as { readonly code?: string }).code ?? '')
}
