import { CODES, type RouterError } from './router-codes.ts'

/** The page a browser shows instead of the app's: which code, what it means, what to type next. HTML. */
export function errorPage({ code, cause }: RouterError): string {
  const { desc, means, next } = CODES[code]
  const what = escaped(cause === undefined ? desc : `${desc}: ${cause}`)
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${code} ${what}</title>
<style>
body { font: 1rem/1.6 system-ui, sans-serif; max-width: 38rem; margin: 15vh auto; padding: 0 1.5rem }
h1 { font-size: 1.5rem; line-height: 1.3 }
code { font: .95em ui-monospace, monospace }
footer { margin-top: 3rem; opacity: .6; font-size: .9rem }
:root { color-scheme: light dark }
</style>
</head>
<body>
<h1><code>${code}</code> ${what}</h1>
<p>${marked(means)}</p>
<p>${marked(next)}</p>
<footer>The router of <code>dyno</code> answers; the app did not. <code>dyno logs -p router</code> has a line for every request.</footer>
</body>
</html>
`
}

/** The same for a terminal. */
export function errorText({ code, cause }: RouterError): string {
  const { desc, means, next } = CODES[code]
  return `${code} ${cause === undefined ? desc : `${desc}: ${cause}`}\n${means}\n${next}\n`
}

// Commands stand in quotes there.
function marked(sentence: string): string {
  return escaped(sentence).replace(/'([^']+)'|`([^`]+)`/g, (_, a, b) => `<code>${a ?? b}</code>`)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
