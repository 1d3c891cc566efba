/** What a terminal acts on, or reorders a line by: controls, ends of lines, and overrides of the writing direction. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu

/** What somebody else wrote, as no more than text to a terminal, on one line; `instead` stands for each character that is not. */
export function safeText(text: string, instead = ' '): string {
  return text.replace(UNSAFE, instead)
}

/** What somebody said, as a part of a sentence: safe, in quotes and in at most `most` characters. */
export function quoted(text: string, most = 64, instead = ' '): string {
  return `'${cut(safeText(text, instead), most)}'`
}

/** What somebody called something, as a part of a sentence: a plain name as it is, any other text quoted. */
export function named(text: string): string {
  return /^[\w.-]{1,64}$/.test(text) ? text : quoted(text)
}

/** A text in at most `most` characters, the last of which says that there was more. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text
}
