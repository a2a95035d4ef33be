/** A model to make facets of, over each kind of store, and the ways in which a facet is tried. */
import { Model } from '../../../models/model.js'
import { writable } from '../writable.js'

/** Objects of two tenants. */
export const tasks = [
  { id: 'a1', tenant: 1, title: 'sow', rank: 3, secret: 'x', tags: ['soil'] },
  { id: 'a2', tenant: 1, title: 'mow', rank: 1, secret: 'y', done: true, tags: [] },
  { id: 'a3', tenant: 1, title: 'reap', rank: 2, secret: 'z', tags: ['soil', 'hay'] },
  { id: 'b1', tenant: 2, title: 'spin', rank: 9, secret: 'q', tags: ['wool'] },
]

export type Store = keyof typeof writable
export type TaskModel = ReturnType<typeof taskModel>

export function taskModel(store: Store = 'memory') {
  const Task = Model(writable[store](), {
    properties: {
      id: { type: 'string' },
      tenant: { type: 'integer', index: true },
      title: String,
      rank: { type: 'integer', index: true },
      secret: String,
      done: { type: 'boolean', default: false },
      tags: { type: 'array', items: String },
    },
    required: ['title'],
    prototype: {
      shout() {
        return `${this.title} ${this.secret}!`
      },
      async finish() {
        this.done = true
        await this.save()
        return this
      },
    },
    static: {
      async best() {
        return this.query('sort(-rank)&limit(2)').toArray()
      },
      version: () => 7,
    },
  })
  for (const task of tasks) void Task.put(task)
  return Task
}

// biome-ignore lint/suspicious/noExplicitAny: here it is tried what the types do not allow
export type Loose = Record<string, any>

/** A facet, or what it gives, without types. */
export const loose = (value: object | undefined) => value as Loose

export interface Tried {
  readonly Task: TaskModel
  /** The facet, or a transaction of it. */
  within(facet: object): Promise<Loose>
  /** Commits what was begun, so that the model sees it. */
  finish(): Promise<void>
}

/** A case over each store, outside and inside a transaction of the facet, which must be open there. */
export function everywhere(title: string, run: (tried: Tried) => Promise<void>): void {
  for (const store of Object.keys(writable) as Store[]) {
    it(`${title} (${store})`, () =>
      run({ Task: taskModel(store), within: async loose => loose, finish: async () => {} }))
    it(`${title} (${store}, in a transaction)`, async () => {
      const begun: Loose[] = []
      const tried: Tried = {
        Task: taskModel(store),
        async within(facet) {
          const tx = await loose(facet).transaction()
          begun.push(tx)
          return tx
        },
        async finish() {
          for (const tx of begun.splice(0)) await tx.commit()
        },
      }
      await run(tried)
      await tried.finish()
    })
  }
}

/** All that a question gives. */
export async function all(items: AsyncIterable<object>): Promise<object[]> {
  const found: object[] = []
  for await (const each of items) found.push({ ...each })
  return found
}
