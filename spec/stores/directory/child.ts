import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Starts a script of this folder, written in TypeScript, in a process of its own. What it prints can be read. */
export function child(script: string, ...given: string[]): ChildProcess & { stdout: NodeJS.ReadableStream } {
  const file = fileURLToPath(new URL(script, import.meta.url))
  const running = spawn(process.execPath, ['--import', 'tsx', file, ...given], { stdio: ['ignore', 'pipe', 'inherit'] })
  return running as never
}
