/** A day in the life of a file store, in steps of which it is known what they leave behind. */
import type { Data } from '../../../lib/store.js'
import { transaction } from '../../../lib/transaction.js'
import { type JsonFileStore, jsonFile } from '../../../stores/json-file.js'
import type { FaultyFileSystem } from './faulty.js'

type Model = ReadonlyMap<number, Data>
type Write = Data & { readonly id: number; readonly gone?: true }

export interface Step {
  /** What is written, in sets that are there whole or not at all. */
  readonly sets: readonly (readonly Write[])[]
  run(store: JsonFileStore<Data>): Promise<unknown>
}

const put = (object: Data & { id: number }): Step => ({ sets: [[object]], run: async store => store.put(object) })

const remove = (id: number): Step => ({ sets: [[{ id, gone: true }]], run: async store => store.delete(id) })

const atOnce = (...steps: Step[]): Step => ({
  sets: steps.flatMap(({ sets }) => sets),
  run: store => Promise.all(steps.map(step => step.run(store))),
})

function together(...steps: Step[]): Step {
  const writes = steps.flatMap(({ sets }) => sets.flat())
  return {
    sets: [writes],
    run: store =>
      transaction(store, async tx => {
        for (const { gone, ...object } of writes) await (gone ? tx.delete(object.id as number) : tx.put(object))
      }),
  }
}

const text = 'some text, so that the journal grows longer than the file. '.repeat(4)

/** With a threshold of `compactAt` the file is written anew several times on the way. */
export const steps: readonly Step[] = [
  put({ id: 1, text }),
  atOnce(put({ id: 2, text }), put({ id: 3 }), put({ id: 4, text })),
  together(put({ id: 5, text }), put({ id: 1, again: true, text }), remove(2)),
  remove(3),
  put({ id: 6, text }),
  together(put({ id: 7 }), put({ id: 8, text }), remove(1)),
  atOnce(remove(4), put({ id: 9, text })),
  put({ id: 9, text, again: true }),
]
const compactAt = 300

/** What the file holds at the start, as people write it. */
export const startText = '[ { "id": 0,\n   "text": "by hand" } ]\n'
export const started: Model = new Map([[0, { id: 0, text: 'by hand' }]])

export function openStepped(path: string, fileSystem: FaultyFileSystem): Promise<JsonFileStore<Data>> {
  return jsonFile({ path, fileSystem, compactAt })
}

/** The model after some sets of writes. */
export function afterSets(model: Model, sets: Step['sets']): Model {
  const next = new Map(model)
  for (const { gone, ...object } of sets.flat()) {
    if (gone) next.delete(object.id as number)
    else next.set(object.id as number, object)
  }
  return next
}

/** The models that there may be when a step was cut short: some of its sets, in their order. */
export function during(model: Model, { sets }: Step): Model[] {
  return [model, ...sets.map((_, at) => afterSets(model, sets.slice(0, at + 1)))]
}

/** All objects of a model, as a store gives them. */
export function objectsOf(model: Model): Data[] {
  return [...model.values()].sort((a, b) => Number(a.id) - Number(b.id))
}
