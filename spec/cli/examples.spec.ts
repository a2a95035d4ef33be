/** Every example that a help shows is run, in a folder as the help supposes it. */
import { join } from 'node:path'
import { expect } from 'chai'
import { commands } from '../../cli/commands.js'
import { audit } from '../../models/persisto/audit.js'
import { furnish, inFolder, type RunOptions, run, wordsOf } from './run.js'

/** Those that go on until they are told to stop. */
const endless = new Set(['serve', 'watch'])

describe('the examples of the help', () => {
  const folder = inFolder()

  beforeEach(async () => {
    furnish(folder.path)
    await run(folder.path, ['copy', 'users.json', 'app.db#users'])
  })

  for (const { name, examples } of commands) {
    it(`${name} shows two, and both work`, async () => {
      const help = await run(folder.path, [...name.split(' '), '--help'])
      expect(help.code, help.err).to.equal(0)
      if (name === 'audit verify') await written(join(folder.path, 'audit'))
      if (name === 'history' || name === 'undo') await changed(folder.path)
      expect(examples).to.have.length(2)
      for (const [says, line] of examples) {
        expect(help.out).to.include(`# ${says}\n  ${line}`)
        const [program, ...words] = wordsOf(line)
        expect(program).to.equal('holdfast')
        const { code, err } = await run(folder.path, words, endless.has(name) ? stopped() : {})
        expect(code, `${line}: ${err}`).to.equal(0)
      }
    })
  }

  /** Stops it as soon as it says that it has begun. */
  function stopped(): RunOptions {
    const stop = new AbortController()
    return {
      signal: stop.signal,
      heard: (out, err) => {
        if (/until Ctrl-C/.test(out + err)) setImmediate(() => stop.abort(new DOMException('stop', 'AbortError')))
      },
    }
  }

  async function written(path: string): Promise<void> {
    const log = await audit({ path })
    await log.record({ type: 'LOGIN' })
    await log.close()
  }

  const changed = (path: string) => run(path, ['patch', 'app.db#users', 'ada', '{"age":37}', '--history'])
})
