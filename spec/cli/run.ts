/** Runs the command in this process, with streams of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { main } from '../../cli/main.js'
import type { Output } from '../../cli/world.js'
import { loader } from '../child.js'

export interface RunOptions {
  readonly stdin?: string | Uint8Array
  /** Is it a terminal that is written to? */
  readonly terminal?: boolean
  readonly signal?: AbortSignal
  readonly env?: Record<string, string>
  readonly now?: () => number
  /** Hears what has been written, whenever something is. */
  readonly heard?: (out: string, err: string) => void
}

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

export async function run(cwd: string, words: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const {
    stdin = '',
    terminal = false,
    signal = new AbortController().signal,
    env = {},
    now = Date.now,
    heard,
  } = options
  const said = { out: '', err: '' }
  const output = (name: 'out' | 'err'): Output => {
    const stream = new Writable({
      write(chunk, _, done) {
        said[name] += chunk
        heard?.(said.out, said.err)
        done()
      },
    })
    return Object.assign(stream, terminal ? { isTTY: true, columns: 80 } : {})
  }
  const code = await main(words, {
    cwd,
    env,
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: output('out'),
    stderr: output('err'),
    signal,
    now,
  })
  return { code, ...said }
}

/** What Node is to run: the command as it was compiled for this run, if it was. */
export function programOf(): string[] {
  const compiled = join(process.env.COMPILED_CHILDREN ?? '', 'cli/holdfast.js')
  if (process.env.COMPILED_CHILDREN && existsSync(compiled)) return [compiled]
  // found from here, whatever folder it runs in
  const found = loader.map(word => (word.startsWith('--') ? word : import.meta.resolve(word)))
  return [...found, join(import.meta.dirname, '../../cli/holdfast.ts')]
}

/** Starts the command in a process of its own. */
export function command(cwd: string, words: readonly string[]) {
  const began = performance.now()
  const child = spawn(process.execPath, [...programOf(), ...words], { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { out: '', err: '' }
  child.stdout.on('data', chunk => {
    said.out += chunk
  })
  child.stderr.on('data', chunk => {
    said.err += chunk
  })
  let peak = 0
  const looking = setInterval(() => {
    peak = Math.max(peak, residentKilobytes(child.pid))
  }, 250)
  const ended = once(child, 'close').then(([code]) => {
    clearInterval(looking)
    return { ...said, code: code as number, took: performance.now() - began, peak }
  })
  return { child, ended }
}

/** The most memory that a process has had; 0 where the system does not tell. */
function residentKilobytes(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

/** The words of a line, as a shell divides it. */
export function wordsOf(line: string): string[] {
  const words = line.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []
  return words.map(word => word.replace(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double))
}

/** Where no real disk is needed. */
const root = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** A folder for each test, with what the examples of the help find there. */
export function inFolder(): { readonly path: string; write(name: string, text: string): void } {
  let path = ''
  beforeEach(async () => {
    path = mkdtempSync(join(root, 'holdfast-cli-'))
  })
  afterEach(() => rmSync(path, { recursive: true, force: true }))
  return {
    get path() {
      return path
    },
    write: (name, text) => writeFileSync(join(path, name), text),
  }
}

export const users = [
  { id: 'ada', name: 'Ada', age: 36, city: 'Oslo' },
  { id: 'bob', name: 'Bob', age: 25, city: 'Rome' },
  { id: 'cyd', name: 'Cyd', age: 41 },
]

/** `users.json`, `data/`, `people.csv` and `people.ndjson`. */
export function furnish(path: string): void {
  const write = (name: string, text: string) => writeFileSync(join(path, name), text)
  write('users.json', `[\n${users.map(user => JSON.stringify(user)).join(',\n')}\n]\n`)
  mkdirSync(join(path, 'data'))
  for (const id of ['a', 'b']) write(`data/${id}.json`, `{ "id": "${id}", "title": "note ${id}" }\n`)
  write('people.csv', 'id,name,age\n1,Ada,36\n2,"Bob, the builder",25\n')
  write('people.ndjson', '{"id":1,"name":"Ada"}\nnot json\n{"id":2,"name":"Bob"}\n')
}
