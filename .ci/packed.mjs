// Packs the library, installs the tarball in an empty folder, and uses it as its users do: as an ES module, by CommonJS
// `require`, and from TypeScript 7 and 5.9. Run after `npm run build`.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'holdfast-packed-'))
const run = (command, ...args) =>
  execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
const node = file => console.log(run(process.execPath, file).trim())
const write = (name, text) => writeFileSync(join(folder, name), text)

const program = `
const User = Model(sqlite({ path: 'packed.db', table: 'users' }), {
  properties: { name: String, age: { type: 'integer', minimum: 0 } },
  required: ['name'],
  prototype: { greet() { return 'hello ' + this.name } },
})
const main = async () => {
  const ada = await User.add({ name: 'Ada' })
  ada.age = 36
  await ada.save()
  const found = await User.query('age>30').first()
  if (found?.greet() !== 'hello Ada') throw new Error('not found')
  const file = await jsonFile({ path: 'packed.json' })
  await file.put({ id: 1, when: new Date(5) })
  await file.close()
  const store = memory()
  await store.put({ id: 1 })
  return store.count()
}
`

try {
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
      cwd: root,
      encoding: 'utf8',
    }),
  )
  write('package.json', JSON.stringify({ name: 'consumer', private: true, type: 'module' }))
  run('npm', 'install', '--no-audit', '--no-fund', '--loglevel=error', `./${filename}`)

  write(
    'no-peer.mjs',
    `
    import { sqlite } from 'holdfast/stores/sqlite'
    try { sqlite({ path: 'x.db' }); throw new Error('opened without its peer') }
    catch (error) { if (!/npm i better-sqlite3@/.test(error.message)) throw error }
    console.log('missing peer: says how to install it')`,
  )
  node('no-peer.mjs')

  console.log('command:', run(join(folder, 'node_modules', '.bin', 'holdfast'), '--version').trim())

  // what the repository has compiled already
  for (const name of ['better-sqlite3', 'bindings', 'file-uri-to-path', 'zod', '@types']) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'junction')
  }

  write(
    'esm.mjs',
    `
    import { Model, memory } from 'holdfast'
    import { jsonFile } from 'holdfast/stores/json-file'
    import { sqlite } from 'holdfast/stores/sqlite'
    ${program}
    console.log('ES module:', await main())`,
  )
  node('esm.mjs')
  rmSync(join(folder, 'packed.json'))
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(folder, `packed.db${suffix}`), { force: true })

  write(
    'common.cjs',
    `
    const { Model, memory } = require('holdfast')
    const { jsonFile } = require('holdfast/stores/json-file')
    const { sqlite } = require('holdfast/stores/sqlite')
    ${program}
    main().then(count => console.log('CommonJS:', count))`,
  )
  node('common.cjs')

  mkdirSync(join(folder, 'typed'))
  write(
    'typed/main.ts',
    `
    import { Model, memory, type Store } from 'holdfast'
    import { conforms } from 'holdfast/spec/conformance'
    import { jsonFile } from 'holdfast/stores/json-file'
    import { sqlite } from 'holdfast/stores/sqlite'
    ${program}
    void main
    export const suite: typeof conforms = conforms
    export const store: Store = memory()
    export async function typed(): Promise<string | undefined> {
      const ada = await User.get('x')
      // @ts-expect-error: there is no such property
      ada?.nmae
      return ada?.name
    }`,
  )
  const docs = readdirSync(join(root, 'docs'), { recursive: true }).filter(page => page.endsWith('.md'))
  const pages = ['README.md', ...docs.map(page => `docs/${page}`)]
  const text = pages.map(page => readFileSync(join(root, page), 'utf8')).join('\n')
  const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)]
  for (const [n, [, code]] of blocks.entries()) write(`typed/readme-${n}.ts`, code)
  write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        target: 'ES2023',
        lib: ['ES2024'],
        module: 'NodeNext',
        strict: true,
        noEmit: true,
        types: ['node', 'better-sqlite3'],
        skipLibCheck: false,
      },
      include: ['typed'],
    }),
  )
  for (const compiler of ['typescript', 'typescript-5']) {
    run(process.execPath, join(root, 'node_modules', compiler, 'bin/tsc'), '-p', '.')
    console.log(`${compiler}: the types check, those of the ${blocks.length} examples in the documentation too`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
