import { readFileSync, writeFileSync } from 'node:fs'
import { cells, header } from './format.mjs'

const readme = new URL('../../README.md', import.meta.url)
const section = /<!-- bench -->[\s\S]*<!-- \/bench -->/

/** Puts the table between the marks in the README. */
export function writeReadme(rows, description) {
  const text = readFileSync(readme, 'utf8')
  if (!section.test(text)) throw new Error('the README has no <!-- bench --> … <!-- /bench -->')
  const lines = [header, header.map(() => '---'), ...rows.map(cells)].map(row => `| ${row.map(escaped).join(' | ')} |`)
  const table = `${lines.join('\n')}\n\n${explanation} ${description}`
  writeFileSync(
    readme,
    text.replace(section, () => `<!-- bench -->\n${table}\n<!-- /bench -->`),
  )
}

const explanation =
  'Ratios are relative to what the goal names: of speed where more is wanted, of time where less is, and for those beside it ' +
  'too. All variants run in turns; the median counts, of processor time or, where a disk is waited for, of time. What ' +
  'falls short says so.'

const escaped = text => text.replaceAll('|', '\\|')
