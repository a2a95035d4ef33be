import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { loader } from '../child.js'

describe('the blog of the examples', () => {
  it('finds posts by tag and author, counts every like, and refuses what is stale', async () => {
    const program = fileURLToPath(new URL('../../examples/datastore-blog/main.ts', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [...loader, program, '--once'])
    expect(stdout).to.match(/^ +Lost in Translation$/m)
    expect(stdout).to.match(/^ +Veer-Zaara: 20 likes, revision 20$/m)
    expect(stdout).to.match(/^ +CONFLICT$/m)
    expect(stdout).to.match(/^ {2}"email": "sofia@example\.org",$/m)
  }).timeout(60_000)
})
