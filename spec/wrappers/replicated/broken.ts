/** The wrapper with one mistake in it, from its own sources: what the simulator must find. */
import assert from 'node:assert/strict'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { replicated as Replicated } from '../../../wrappers/replicated.js'

export interface Mistake {
  readonly name: string
  readonly file: string
  readonly right: string
  readonly wrong: string
}

export const mistakes: readonly Mistake[] = [
  {
    name: 'no tombstones',
    file: 'writing.ts',
    right: '    return save(pair, id, { ...merged, refused })\n',
    wrong:
      "    if (!after.text) await pair.log.delete?.('object ' + id)\n    return after.text ? save(pair, id, { ...merged, refused }) : ++last\n",
  },
  {
    name: 'the wall clock decides',
    file: 'stamp.ts',
    right: 'for (const stamp of seen) {',
    wrong: 'for (const stamp of [] as string[]) {',
  },
  {
    name: 'the checkpoint moves before the changes have arrived',
    file: 'sending.ts',
    right: '    await deliver(entries)\n    confirmed = at\n',
    wrong: "    confirmed = at\n    await ledger.setCheckpoint('to ' + name, at)\n    await deliver(entries)\n",
  },
  {
    name: 'who loses a conflict is dropped',
    file: 'versions.ts',
    right: 'return sorted.filter(',
    wrong: 'return sorted.slice(0, 1).filter(',
  },
  {
    name: 'what was seen is forgotten',
    file: 'versions.ts',
    right: 'seen: latest([...seen, stamp]) }',
    wrong: 'seen: [stamp] }',
  },
  {
    name: 'acknowledged before it is there',
    file: 'node.ts',
    right: 'if (needed === 0) return undefined',
    wrong: 'if (needed >= 0) return undefined',
  },
]

const root = new URL('../../..', import.meta.url).pathname
const folder = join(root, 'spec', `.replicated-${process.pid}`)

/** Builds the wrapper with a mistake. */
export async function broken({ name, file, right, wrong }: Mistake): Promise<typeof Replicated> {
  const place = join(folder, name.replaceAll(' ', '-'))
  cpSync(join(root, 'wrappers/replicated.ts'), join(place, 'replicated.ts'))
  cpSync(join(root, 'wrappers/replicated'), join(place, 'replicated'), { recursive: true })
  for (const path of readdirSync(place, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.ts')) continue
    let text = readFileSync(join(place, path), 'utf8').replaceAll(/'(?:\.\.\/)+lib\//g, `'${root}lib/`)
    if (path === join('replicated', file)) {
      assert.equal(text.split(right).length, 2, `${file} has changed: ${right}`)
      text = text.replace(right, () => wrong)
    }
    writeFileSync(join(place, path), text)
  }
  return (await import(pathToFileURL(join(place, 'replicated.ts')).href)).replicated
}

export function removeBroken(): void {
  rmSync(folder, { recursive: true, force: true })
}
