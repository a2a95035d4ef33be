import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { loader } from '../child.js'

describe('the objects of the examples that save themselves', () => {
  it('lie in a file with their history, and can be undone', async () => {
    const program = fileURLToPath(new URL('../../examples/slowstore/main.ts', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [...loader, program])
    const file = JSON.parse(stdout.slice(stdout.indexOf('{'), stdout.indexOf('\n}\n') + 2))
    expect(file).to.include({ name: 'DENIS', age: 33, __key__: 'denis' })
    const changes = file.__changes__.map((each: Record<string, unknown>) => [
      each.prop_name,
      each.prev_val,
      each.__key__,
    ])
    expect(changes.slice(1)).to.deep.equal([
      ['name', 'denis', 'denis'],
      ['age', 32, 'denis'],
    ])
    expect(stdout.match(/SampleModel \{.*\}/g)).to.deep.equal([
      "SampleModel { name: 'DENIS', age: 32 }",
      "SampleModel { name: 'denis', age: 32 }",
      "SampleModel { name: 'DENIS', age: 32 }",
    ])
    expect(stdout).to.match(/^delete john: true again: false$/m)
  }).timeout(60_000)
})
