/** Whether a text is what a slug is named by: its SHA-256, 64 hexadecimal digits. */
export function isSlugName(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}
