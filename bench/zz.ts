import { readFileSync } from 'node:fs'
import { checkText } from '../src/core/check/check-text.ts'
const src = readFileSync(new URL('./check.ts', import.meta.url),'utf8')
const PIECES = eval('(' + /const PIECES = (\[[\s\S]*?\n\])\n/.exec(src)![1] + ')') as string[]
const B = [['procfile','','web: '],['dotenv','','A=','A="',"SECRET='"],['slugignore',''],['profile',''],['app-json','','{"formation":']]
const app = { kindOf: () => 'missing', isLeftOut: () => false, textOf: () => undefined } as any
const only = process.argv[2]
const t = (kind:any, b:string, p:string, size:number) => Math.min(...[0,1,2].map(()=>{ const text=b+p.repeat(Math.floor((size-b.length)/Buffer.byteLength(p))); const s=performance.now(); checkText({name:kind,kind,text},{app,outer:()=>undefined}); return performance.now()-s}))
for (const [kind,...bs] of B) for (const b of bs) for (const p of PIECES) { if (only && JSON.stringify(b+p)!==only) continue; const ms=t(kind,b,p,1<<20); if (ms>45) console.log(ms.toFixed(0), kind, JSON.stringify(b), JSON.stringify(p), t(kind,b,p,1<<19).toFixed(0), t(kind,b,p,1<<18).toFixed(0)) }
