// Nothing is imported before it is known who we are, a client or the manifold: start-up is a feature.
const [verb = 'help', ...argv] = process.argv.slice(2)
process.exit(await main())

async function main(): Promise<number> {
  if (verb === '__node') return (await import('./demo/lend-node.ts')).playNode(argv)
  if (verb === '__manifold') return (await import('./manifold/manifold.ts')).serveManifold(argv)
  if (verb === '__complete') return (await import('./completion/complete.ts')).complete(argv)
  return (await import('./perform.ts')).perform(verb, argv)
}

export {}
