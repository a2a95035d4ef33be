/**
 * Runs every TypeScript block of the README and the pages it leads to as a program of its own, in an empty folder. Where a
 * line logs something and says what, as in `console.log(1 + 1) // 2`, it must be so.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import { expect } from 'chai'
import { conforms } from './conformance/index.js'

const root = new URL('..', import.meta.url).pathname
const docs = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter(page => page.endsWith('.md'))
const pages = ['README.md', ...docs.map(page => `docs/${page}`)]
const blocks = pages.flatMap(page => {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(match => ({
    page,
    code: match[1] as string,
    line: text.slice(0, match.index).split('\n').length,
  }))
})

describe('README', () => {
  const programs = join(root, 'spec', '.readme')
  const before = process.cwd()
  let folder: string

  beforeEach(() => {
    mkdirSync(programs, { recursive: true })
    folder = mkdtempSync(join(tmpdir(), 'holdfast-readme-'))
    process.chdir(folder)
  })

  afterEach(() => {
    process.chdir(before)
    rmSync(folder, { recursive: true, force: true })
    rmSync(programs, { recursive: true, force: true })
  })

  for (const page of pages) {
    it(`${page} has examples`, () => expect(blocks.filter(block => block.page === page)).not.to.deep.equal([]))
  }

  for (const { page, code, line } of blocks) {
    it(`${page}, line ${line}, runs and says the truth`, async () => {
      const program = join(programs, `${basename(page)}-${line}.ts`)
      writeFileSync(program, fromSources(code))
      const logged = await logsOf(() => import(pathToFileURL(program).href))
      const promised = [...code.matchAll(/console\.log\(.*\) +\/\/ (.*)$/gm)].map(match => match[1])
      expect(logged.length).to.equal(promised.length)
      for (const [n, promise] of promised.entries()) expect(logged[n]).to.match(asPattern(promise as string))
    })
  }
})

// the store that it shows how to write keeps the laws
const shelf = blocks.find(({ code }) => code.includes('function shelf'))?.code ?? ''
const module = join(root, 'spec', '.readme-shelf.ts')
writeFileSync(
  module,
  fromSources(`${shelf.slice(0, shelf.indexOf('\nconst store')).replace('function shelf', 'export function shelf')}\n`),
)
conforms('the store of the README', {
  open: (await import(pathToFileURL(module).href)).shelf,
  offers: ['get', 'put', 'query'],
})
rmSync(module)

/** The names of the package lead to its sources. */
function fromSources(code: string): string {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return code.replace(/'holdfast(\/[^']+)?'/g, (_, path = '') => {
    const built: string = exports[`.${path}`]?.default ?? `./dist${path}.js`
    return `'${join(root, built.replace('./dist/', '').replace(/js$/, 'ts'))}'`
  })
}

/** What must be logged; `…` stands for anything. */
function asPattern(promise: string): RegExp {
  const parts = promise.split('…').map(part => part.replace(/[\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`)
}

/** What the work logs, a line each. */
async function logsOf(work: () => Promise<unknown>): Promise<string[]> {
  const logged: string[] = []
  const { log } = console
  console.log = (...values: unknown[]) => {
    logged.push(
      values.map(value => (typeof value === 'string' ? value : inspect(value, { breakLength: 200 }))).join(' '),
    )
  }
  try {
    await work()
  } finally {
    console.log = log
  }
  return logged
}
