// What roff makes something else of than what is written there, as groff_char(7) lists it: a hyphen that nobody can
// paste as a flag, quotes and accents that are curled or slanted.
const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '"': '\\(dq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
}

/** Text as a line of roff that reads as it is written: ASCII only, and no request, whatever it begins with. */
export function roffText(text: string): string {
  const escaped = text
    .replace(/[\\\-'"`^~]/g, (each) => SPECIAL[each]!)
    .replace(
      /[^\x20-\x7e]/gu,
      (each) => `\\[u${each.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`,
    )
  return escaped.startsWith('.') ? `\\&${escaped}` : escaped
}

/** The same, in bold. */
export function roffBold(text: string): string {
  return `\\fB${roffText(text)}\\fR`
}

/** The same, as something that stands for another word. */
export function roffItalic(text: string): string {
  return `\\fI${roffText(text)}\\fR`
}
