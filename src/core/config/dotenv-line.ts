/** A config var as a line of a .env file (or several), which reads back as the same value. */
export function dotenvLine(name: string, value: string): string {
  return `${name}=${quoted(value)}`
}

function quoted(value: string): string {
  if (/^[\w./:@%+,-]+$/.test(value)) return value
  if (!/['\r\n]/.test(value)) return `'${value}'`
  const escaped = value
    .replace(/[\\"$]/g, '\\$&')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
  return `"${escaped}"`
}
