import { createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Run } from '../command.js'
import { codes, Failure, usage } from '../failure.js'
import { alive } from '../moving/alive.js'
import { formatOf, printed } from '../output/format.js'
import { progress } from '../output/progress.js'
import { drained, say } from '../output/write.js'
import { lacking, withStore } from '../places/open.js'
import type { World } from '../world.js'
import { queryOf } from './query.js'

/** Writes the objects of a store to a file, which is there when all of them are in it; or to stdout. */
export const exportAll: Run = async (world, { args: [address = '', name], options }) => {
  const file = name === undefined || name === '-' ? undefined : resolve(world.cwd, name)
  const format = formatOf(options.format, file && name)
  const asked = options.query === undefined ? undefined : queryOf([options.query as string])
  const there = file === undefined ? undefined : await stat(file).catch(() => undefined)
  // a pipe or a device is written to, never replaced
  const special = there !== undefined && !there.isFile()
  if (there && !special && !options.force) {
    throw new Failure(codes.refused, `${file} is there already`, '--force writes over it')
  }
  return withStore(world, address, { options }, async opened => {
    const { store, all, place } = opened
    if ('path' in place && place.path === file) throw usage(`${name} is the store itself`, 'name another file')
    const { signal } = world
    const objects = () => (asked ? alive(store.query?.(asked, { signal }) ?? lacking(address, 'query'), signal) : all())
    const shown = progress(world, 'exported', {
      total: asked ? undefined : await opened.total(),
      quiet: options.quiet,
    })
    let count = 0
    const counted = async function* () {
      for await (const object of objects()) {
        shown.at(++count)
        yield object
      }
    }
    try {
      const source = format === 'csv' ? objects : counted
      const text = printed(source, format, file === undefined && world.stdout.isTTY === true)
      await (file ? intoFile(world, file, special, text) : into(world, world.stdout, text))
    } finally {
      shown.end()
    }
    if (file && !options.quiet) say(world, `${name} is written`)
  })
}

/** First beside it, so that nobody ever sees half a file, and what ends early leaves none. */
async function intoFile({ signal }: World, file: string, special: boolean, text: AsyncIterable<string>): Promise<void> {
  if (special) return pipeline(text, createWriteStream(file), { signal })
  const part = `${file}.part-${process.pid}`
  try {
    await pipeline(text, createWriteStream(part, { flags: 'wx' }), { signal })
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

async function into(world: World, output: NodeJS.WritableStream, text: AsyncIterable<string>): Promise<void> {
  for await (const piece of text) {
    world.signal.throwIfAborted()
    if (!output.write(piece)) await drained(world, output)
  }
}
