import { createReadStream, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { isStoreError } from '../../lib/errors.js'
import type { Data } from '../../lib/store.js'
import { memory } from '../../stores/memory.js'
import type { Given, Run } from '../command.js'
import { codes, Failure, usage } from '../failure.js'
import { type Records, records } from '../formats/records.js'
import { spooled } from '../formats/spooled.js'
import { batches } from '../moving/batches.js'
import { completing, type Verdict, vetting } from '../moving/vet.js'
import { formatOf } from '../output/format.js'
import { type Progress, progress } from '../output/progress.js'
import { say, writeJson, writeLine } from '../output/write.js'
import { modelOf } from '../places/model.js'
import { type Opened, open } from '../places/open.js'
import { type Recorded, withRecorded } from '../places/recorded.js'
import type { World } from '../world.js'

/** Imports a file: first all of it is looked at, and then it is written. */
export const importAll: Run = async (world, given) => {
  const [, name = '-'] = given.args
  if (name === '-') return spooled(world, file => importFile(world, given, file, 'stdin'))
  const file = resolve(world.cwd, name)
  const found = statSync(file, { throwIfNoEntry: false })
  // what can be read once only is kept to be read again
  if (found?.isFIFO()) {
    return spooled({ ...world, stdin: createReadStream(file) }, kept => importFile(world, given, kept, name))
  }
  if (!found?.isFile()) {
    throw new Failure(codes.notFound, `${name} is no file`, 'check the path')
  }
  return importFile(world, given, file, name)
}

interface Import {
  readonly world: World
  readonly found: Records
  /** As the file is called in messages. */
  readonly name: string
  readonly options: Given['options']
  readonly schema: object | undefined
  readonly shown: (what: string, total?: number) => Progress
}

async function importFile(world: World, { args: [address = '', path], options }: Given, file: string, name: string) {
  const format = formatOf(options.format, path === '-' ? undefined : path)
  const schema = options.schema === undefined ? undefined : schemaIn(world, options.schema as string)
  const text = options.text === true || schema !== undefined
  const found = await records(file, format, text, world.signal)
  const shown = (what: string, total?: number) => progress(world, what, { total, quiet: options.quiet })
  const job: Import = { world, found, name, options, schema, shown }
  // what is not there is not made before it is known that there is something to put into it
  const before = await open(world, address, { options }).catch(error => {
    if (isStoreError(error, 'NotFoundError')) return open(world, 'memory:', { options })
    throw error
  })
  const looked = await look(job, before).finally(before.close)
  const { verdicts, bad } = looked
  const count = (wanted: Verdict) => verdicts.filter(verdict => verdict === wanted).length
  const summary = { added: count('add'), replaced: count('replace'), unchanged: count('leave'), skipped: bad }
  if (summary.added + summary.replaced > 0) {
    await withRecorded(world, address, { create: true, options }, to => write(job, to, looked))
  }
  if (options.json) return writeJson(world, summary)
  const told = Object.entries(summary).flatMap(([what, number]) => (number > 0 ? [`${number} ${what}`] : []))
  await writeLine(world, told.join(', ') || '0 added')
}

export function schemaIn({ cwd }: World, name: string): object {
  try {
    const { $schema: _, $id: __, ...schema } = JSON.parse(readFileSync(resolve(cwd, name), 'utf8'))
    modelOf(memory(), schema)
    return schema
  } catch (error) {
    throw usage(`${name} is no JSON Schema: ${(error as Error).message}`)
  }
}

interface Looked {
  /** For each object of the file, in order; `undefined` for one that is left out. */
  readonly verdicts: readonly (Verdict | undefined)[]
  readonly bad: number
}

/** Nothing has been written when this fails: by the first line that is bad, unless those are to be left out. */
async function look({ world, found, name, options, schema, shown }: Import, before: Opened): Promise<Looked> {
  const vet = await vetting(before, { overwrite: options.overwrite === true, schema })
  const verdicts: (Verdict | undefined)[] = []
  const seen = shown('looked at')
  let bad = 0
  try {
    for await (const { line, value, problem } of found()) {
      world.signal.throwIfAborted()
      let reason = problem
      let verdict: Verdict | undefined
      try {
        if (value) verdict = (await vet(value)).verdict
      } catch (error) {
        reason = (error as Error).message
      }
      verdicts.push(verdict)
      seen.at(verdicts.length)
      if (reason === undefined) continue
      if (!options.skipBad) {
        const hint = 'nothing was imported; mend it, or leave it out by --skip-bad'
        throw new Failure(codes.refused, `${name}:${line}: ${reason}`, hint)
      }
      bad++
      seen.end()
      say(world, `skipped ${name}:${line}: ${reason}`)
    }
  } finally {
    seen.end()
  }
  return { verdicts, bad }
}

async function write({ world, found, name, schema, shown }: Import, to: Recorded, { verdicts }: Looked): Promise<void> {
  const complete = completing(schema, to.idProperty)
  const total = verdicts.length
  const written = shown('imported', total)
  let at = 0
  let stored = 0
  const writing = batches(to, world.signal, writes => {
    stored += writes
  })
  try {
    for await (const { value } of found()) {
      const verdict = verdicts[at++]
      written.at(at)
      if (at > total || (verdict && !value)) throw changed()
      if (!value || !verdict || verdict === 'leave') continue
      const object = (await complete(value)) as Data
      await writing.write(verdict === 'add' ? { add: object } : { put: object })
    }
    if (at < total) throw changed()
    await writing.flush()
  } catch (error) {
    if (world.signal.aborted || stored === 0) throw error
    const message = `${name}: ${(error as Error).message}, after ${stored} objects were stored`
    throw new Failure(codes.refused, message, 'mend it and import again: what is there already is left as it is')
  } finally {
    written.end()
  }
}

const changed = () => new Failure(codes.refused, 'the file has changed while it was read', 'import it again')
