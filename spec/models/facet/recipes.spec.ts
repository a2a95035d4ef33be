/** The recipes of docs/facets.md, each run once, in a process of its own: by the gate. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'

const root = new URL('../../..', import.meta.url).pathname
const page = join(root, 'docs', 'facets.md')

/** The code that stands under a mark, with the names of the package leading to its sources. */
function recipe(name: string): string {
  const [, code] =
    new RegExp(`<!-- recipe: ${name} -->\n\`\`\`js\n([^]*?)\`\`\``).exec(readFileSync(page, 'utf8')) ?? []
  expect(code, `docs/facets.md has no recipe ${name}`).to.be.a('string')
  return (code as string)
    .replace(/'holdfast(\/[^']+)?'/g, (_, path = '/index') => `'${join(root, `${path.slice(1)}.ts`)}'`)
    .replace("'ses'", `'${import.meta.resolve('ses')}'`)
}

const whole = process.env.GATE ? describe : describe.skip

whole('the recipes for facets', () => {
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(join(root, 'spec', '.recipes-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  async function run(programs: Readonly<Record<string, string>>): Promise<string[]> {
    for (const [name, code] of Object.entries(programs)) writeFileSync(join(folder, name), code)
    const args = ['--import', '@oxc-node/core/register', join(folder, 'main.mjs')]
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, timeout: 15_000 })
    return stdout.trim().split('\n')
  }

  it('with SES: the Compartment has the facet, and nothing else', async () => {
    const code = recipe('ses')
    const promised = [...code.matchAll(/console\.log\(.*\) \/\/ (.*)$/gm)].map(([, promise]) => promise)
    expect(await run({ 'main.mjs': code })).to.deep.equal(promised)
  })

  it('with a worker: the facet stays, and what is open can be called', async () => {
    const main = `
      import { Worker } from 'node:worker_threads'
      import { memory, Model } from '${join(root, 'index.ts')}'
      import { restrictive } from '${join(root, 'models', 'facet.ts')}'
      import { serve } from './bridge.mjs'
      const Note = Model(memory({ objects: [{ id: 1, text: 'ahoy', secret: 's' }] }), { properties: { text: String, secret: String } })
      const worker = new Worker(new URL('./worker.mjs', import.meta.url))
      serve(worker, restrictive(Note, { methods: ['put'], properties: { secret: { blocked: true } } }))
    `
    const asking = `
      const fails = error => console.log(error.name, error.message)
      console.log(JSON.stringify(await ask('get', 1)))
      console.log(JSON.stringify(await ask('query', 'limit(5)')))
      console.log(JSON.stringify(await ask('put', { id: 1, text: 'new' })))
      await ask('count', 'secret=s').catch(fails)
      await ask('delete', 1).catch(fails)
      await ask('constructor').catch(fails)
      parentPort.close()
    `
    const said = await run({
      'main.mjs': main,
      'bridge.mjs': recipe('bridge'),
      'worker.mjs': recipe('worker') + asking,
    })
    expect(said).to.deep.equal([
      '{"id":1,"text":"ahoy"}',
      '[{"id":1,"text":"ahoy"}]',
      '{"id":1,"text":"new"}',
      'NotAllowedError secret cannot be seen here',
      'Error this is not open here',
      'Error this is not open here',
    ])
  })
})
