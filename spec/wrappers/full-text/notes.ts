import { memory } from '../../../stores/memory.js'
import { fullText } from '../../../wrappers/full-text.js'

export interface Note {
  readonly id: number
  readonly title?: string
  readonly text?: string | readonly unknown[]
  readonly by?: { readonly name: string }
  readonly age?: number
}

export const notes: readonly Note[] = [
  { id: 1, title: 'Kelp', text: 'A forest of kelp, in the sea', age: 5 },
  { id: 2, title: 'Rock', text: ['kelp on a rock', 7, 'Straße'], age: 3 },
  { id: 3, title: 'Tide', by: { name: 'Zoë Kelp' }, age: 9 },
  { id: 4, age: 1 },
]
export const paths = ['title', 'text', ['by', 'name']]
export const open = () => fullText(memory<Note, number>({ objects: notes }), { fields: paths })
export const ids = (found: Iterable<{ readonly id: number }>) => Array.from(found, ({ id }) => id)

export function nameOfError(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    return (error as Error).name
  }
  return 'none'
}
