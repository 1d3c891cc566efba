/** What a code of the router's says: to the log, to the client, and to whoever reads the page. */
export type CodeEntry = {
  readonly at: 'error' | 'warning' | 'info'
  /** As the log has it. */
  readonly desc: string
  /** The HTTP status the client gets; 499 where it is not there to get one. */
  readonly status: number
  /** What happened, and what to do about it: a sentence each. */
  readonly means: string
  readonly next: string
}

/** The codes that can happen on one machine, with Heroku's words for them (https://devcenter.heroku.com/articles/error-codes). */
export const CODES = {
  H10: entry(
    'App crashed',
    'Every web dyno has crashed.',
    "See why with 'dyno logs -p web'; 'dyno ps:restart web' tries again at once.",
  ),
  H11: entry(
    'Backlog too deep',
    'More requests wait for the web dynos than they answer.',
    "Run more of them: 'dyno ps:scale web+1'.",
  ),
  H12: entry(
    'Request timeout',
    'The dyno did not begin to answer in time; it may still be at it.',
    "See what it does with 'dyno logs -p web'; long work belongs into a worker.",
  ),
  H13: entry(
    'Connection closed without response',
    'The dyno closed the connection before it answered.',
    "See why with 'dyno logs -p web'; a crash or a server's own timeout does that.",
  ),
  H14: entry('No web processes running', 'No web dyno is wanted.', "Start one: 'dyno ps:scale web=1'."),
  H15: entry(
    'Idle connection',
    'Nothing came from the dyno for too long.',
    'Send something now and then: a comment line in an event stream, a ping on a WebSocket.',
  ),
  H17: entry(
    'Poorly formatted HTTP response',
    'What the dyno answered is not HTTP.',
    "Does another program listen on its port? 'dyno logs -p web' shows what the web dyno says.",
  ),
  H18: entry(
    'Server Request Interrupted',
    'The dyno closed the connection in the middle of its answer.',
    "See why with 'dyno logs -p web'.",
  ),
  H19: entry(
    'Backend connection timeout',
    'The dyno did not take the connection in time: its server is blocked.',
    "See what it does with 'dyno logs -p web', or run more of them: 'dyno ps:scale web+1'.",
  ),
  H20: entry(
    'App boot timeout',
    'No web dyno was up in time.',
    "See how far it got with 'dyno logs -p web': it must listen on $PORT.",
  ),
  H21: entry(
    'Backend connection refused',
    'Nobody listens on the port of the web dyno any more.',
    "See why its server stopped listening with 'dyno logs -p web'; 'dyno ps:restart web' starts it anew.",
  ),
  H25: entry(
    'HTTP restriction',
    'The header of the answer breaks one of the limits of the router.',
    'Send one valid Content-Length, header lines of at most 512 KB in all and cookies of at most 8 KB.',
    { status: 502 },
  ),
  H26: entry(
    'Request Error',
    'The request is not well-formed HTTP/1.1, so no dyno got it.',
    'Send it again with a client that follows RFC 9112.',
    { status: 400 },
  ),
  H27: entry(
    'Client Request Interrupted',
    'The client closed the connection before it had its answer.',
    'It gave up, or was closed: there is nothing to do here.',
    { status: 499, at: 'warning' },
  ),
  H28: entry(
    'Client Connection Idle',
    'Nothing came from the client for too long.',
    'Send the rest of the request.',
    { status: 499, at: 'warning' },
  ),
  H80: entry(
    'Maintenance mode',
    'Somebody has put the app into maintenance mode.',
    "End it with 'dyno maintenance:off'.",
    { at: 'info' },
  ),
  H81: entry('Blank app', 'The app has no process types yet.', 'Give it a Procfile with a line `web: …`.', {
    at: 'info',
  }),
  H99: entry(
    'Platform error',
    'No web dyno took the connection for too long.',
    "See what they do with 'dyno logs -p web'; 'dyno ps:restart web' starts them anew.",
  ),
} as const satisfies Record<string, CodeEntry>

export type RouterCode = keyof typeof CODES

/** Why a request is not served as it should be. */
export type RouterError = {
  readonly code: RouterCode
  /** What was wrong, where the code stands for several things. */
  readonly cause?: string
  /** Instead of the code's own. */
  readonly status?: number
}

function entry(
  desc: string,
  means: string,
  next: string,
  { status = 503, at = 'error' }: { status?: number; at?: CodeEntry['at'] } = {},
): CodeEntry {
  return { at, desc, status, means, next }
}
