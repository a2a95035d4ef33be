import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { commands } from '../../cli/commands.js'
import { furnish, inFolder, run } from './run.js'

const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0

describe('completion', () => {
  const folder = inFolder()
  beforeEach(() => furnish(folder.path))

  for (const shell of ['bash', 'zsh', 'fish']) {
    it(`${shell} knows all commands and options, and can read the script`, async function () {
      const { code, out } = await run(folder.path, ['completion', shell])
      expect(code).to.equal(0)
      for (const { name, options = [] } of commands) {
        expect(out).to.include(name.split(' ')[0])
        for (const [flags] of options) expect(out).to.include((flags.split(' ')[0] as string).replace('--', ''))
      }
      if (!has(shell)) return this.skip()
      writeFileSync(join(folder.path, 'script'), out)
      const read = spawnSync(shell, ['-n', 'script'], { cwd: folder.path, encoding: 'utf8' })
      expect(read.stderr).to.equal('')
    })
  }

  it('bash completes commands, options, kinds of stores and files', async function () {
    if (!has('bash')) return this.skip()
    const { out } = await run(folder.path, ['completion', 'bash'])
    mkdirSync(join(folder.path, 'deep'))
    const cases: [string[], string[]][] = [
      [['co'], ['count', 'copy', 'completion']],
      [['get', '--et'], ['--etag']],
      [['get', 'sq'], ['sqlite:']],
      [['get', 'file', ':', 'use'], ['users.json']],
      [
        ['query', 'dir', ':'],
        ['data', 'deep', 'people.csv', 'people.ndjson', 'users.json'],
      ],
      [['completion', 'f'], ['fish']],
    ]
    const asked = cases.map(([words]) => {
      const quoted = ['holdfast', ...words].map(word => `'${word}'`).join(' ')
      return `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; COMPREPLY=(); _holdfast; echo "\${COMPREPLY[*]}"`
    })
    const script = [out, ...asked].join('\n')
    const { stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: folder.path, encoding: 'utf8' })
    expect(stderr).to.equal('')
    const given = stdout.trimEnd().split('\n')
    for (const [at, [words, expected]] of cases.entries()) {
      expect((given[at] ?? '').split(' ').filter(Boolean).sort(), words.join(' ')).to.include.members(expected)
    }
  })

  it('knows no other shell', async () => {
    const { code, err } = await run(folder.path, ['completion', 'csh'])
    expect([code, err]).to.deep.equal([2, 'holdfast: csh is no shell that is known; bash, zsh and fish are\n'])
  })
})
