/** What the README and the page about the command show of a terminal is what a terminal shows. */
import { spawnSync } from 'node:child_process'
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { inFolder, programOf } from './run.js'

const root = join(import.meta.dirname, '../..')
const shown = ['README.md', 'docs/command.md'].flatMap(page => {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/^```console\n([\s\S]*?)^```/gm)].map(([, block]) => ({ page, block: block as string }))
})

interface Step {
  readonly line: string
  readonly answer: string
}

const stepsOf = (block: string): Step[] =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map(text => {
      const end = text.indexOf('\n')
      return { line: text.slice(0, end), answer: text.slice(end + 1) }
    })

describe('transcripts', function () {
  this.timeout(60_000)
  const folder = inFolder()

  before(function () {
    const { status, error } = spawnSync('script', ['-qec', 'true', '/dev/null'], { stdio: 'ignore' })
    if (status === 0) return
    console.log(
      `    SKIPPED: there is no script of util-linux here, which gives a terminal: ${error?.message ?? status}`,
    )
    this.skip()
  })

  it('the README shows ten commands', function () {
    const block = shown.find(({ page }) => page === 'README.md')?.block
    if (block === undefined) return this.skip()
    expect(stepsOf(block).filter(({ line }) => line.startsWith('holdfast ')).length).to.be.at.least(10)
  })

  for (const { page, block } of shown) {
    it(`${page} shows what happens`, () => {
      const steps = stepsOf(block)
      const marker = '=== next ==='
      for (const { line, answer } of steps) {
        const [, name] = /^cat (\S+)$/.exec(line) ?? []
        if (name) folder.write(name, answer)
      }
      folder.write('holdfast', `#!/bin/sh\nexec ${[process.execPath, ...programOf()].join(' ')} "$@"\n`)
      chmodSync(join(folder.path, 'holdfast'), 0o755)
      folder.write('replay', ['stty cols 100', ...steps.map(({ line }) => `${line}\necho '${marker}'`)].join('\n'))
      const { stdout } = spawnSync('script', ['-qec', 'bash replay', '/dev/null'], {
        cwd: folder.path,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, PATH: `${folder.path}:${process.env.PATH}`, TERM: 'xterm', NO_COLOR: '' },
      })
      const answers = asRead(stdout).split(`${marker}\n`)
      for (const [at, { line, answer }] of steps.entries()) expect(answers[at], line).to.match(asPattern(answer))
    })
  }
})

/** What is to be read on the terminal when all is over: no colours, and of a line that was written over, the end. */
function asRead(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal
      .replace(/\u001b\[\d+m/g, '')
      .replaceAll('\r\n', '\n')
      .replace(/^.*\r/gm, '')
  )
}

/** What must be shown; `…` stands for anything in a line. */
function asPattern(answer: string): RegExp {
  const parts = answer.split('…').map(part => part.replace(/[\^$.*+?()[\]{}|\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`)
}
