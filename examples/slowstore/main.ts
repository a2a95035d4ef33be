/** Objects that save themselves as JSON files, and remember what happened to them. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { live } from '../../models/live.js'

class SampleModel {
  name = ''
  age = 0

  birthday(): void {
    this.age += 1
  }
}

const folder = await mkdtemp(join(tmpdir(), 'holdfast-slowstore-'))
try {
  const store = await live(SampleModel, join(folder, 'mydata'), { key: x => x.name, history: 'inline' })
  const m = new SampleModel()
  Object.assign(m, { name: 'john', age: 30 })
  const denis = store.add({ name: 'denis', age: 32 })
  store.set(m)
  denis.name = 'DENIS'
  denis.birthday()
  await store.flush()

  console.log('mydata/denis.json, as it follows the object:')
  console.log((await readFile(join(folder, 'mydata', 'denis.json'), 'utf8')).trimEnd())

  console.log('\nundone twice, and done again:')
  denis.undo()
  console.log(denis)
  denis.undo()
  console.log(denis)
  denis.redo()
  console.log(denis)

  const adults = store.filter(({ age }) => age > 31)
  console.log(
    '\nover 31:',
    Array.from(adults, ({ name }) => name),
  )
  console.log('delete john:', store.delete('john'), 'again:', store.delete('john'))
  await store.close()
} finally {
  await rm(folder, { recursive: true, force: true })
}
