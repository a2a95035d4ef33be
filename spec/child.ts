import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Child = ChildProcess & { readonly stdout: NodeJS.ReadableStream }

/** What Node needs to run TypeScript. */
export const loader = ['--import', '@oxc-node/core/register'] as const

/** Starts a script of this folder in a process of its own. What it prints can be read. */
export function child(script: string, ...given: string[]): Child {
  return spawn(process.execPath, [...programOf(script), ...given], { stdio: ['ignore', 'pipe', 'inherit'] }) as never
}

/** What Node is to run: the script as it was compiled for this run, if it was. */
function programOf(script: string): string[] {
  const compiled = join(process.env.COMPILED_CHILDREN ?? '', 'spec', script.replace(/ts$/, 'js'))
  if (process.env.COMPILED_CHILDREN && existsSync(compiled)) return [compiled]
  return [...loader, fileURLToPath(new URL(script, import.meta.url))]
}

export interface Kill {
  /** After how many lines. */
  readonly after: number
  /** How many milliseconds later than that: not right at an acknowledgement, but somewhere in what follows it. */
  readonly more?: number | undefined
}

/** The whole lines that a process prints until it is killed. */
export async function killed(writer: Child, { after, more }: Kill): Promise<string[]> {
  let said = ''
  let lines: string[] = []
  const kill = () => void writer.kill('SIGKILL')
  writer.stdout.setEncoding('utf8')
  writer.stdout.on('data', (text: string) => {
    const before = lines.length
    said += text
    lines = said.split('\n').slice(0, -1)
    if (lines.length < after || before >= after) return
    if (more === undefined) kill()
    else setTimeout(kill, more)
  })
  await once(writer, 'close')
  if (writer.signalCode !== 'SIGKILL')
    throw new Error(`the process ended before it was killed, with ${writer.exitCode}`)
  return lines
}

/** The last number that each name was printed with, of lines with a name and a number. */
export function lastNumbers(lines: readonly string[]): Map<string, number> {
  return new Map(lines.map(line => line.split(' ')).map(([name = '', number]) => [name, Number(number)]))
}
