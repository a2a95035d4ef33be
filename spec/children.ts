/** The scripts that specs start, compiled once for a run of all: a process that loads the sources takes twice as long. */
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Called by mocha before everything else. */
export function mochaGlobalSetup(): void {
  if (!process.argv.includes('--parallel')) return
  const root = fileURLToPath(new URL('..', import.meta.url))
  execFileSync('npx', ['tsc', '-p', 'tsconfig.children.json'], { cwd: root, stdio: 'inherit' })
  process.env.COMPILED_CHILDREN = `${root}node_modules/.cache/holdfast`
}
