import { cells, header, number } from './format.mjs'

const live = process.stderr.isTTY
let last = ''

/** Says on one line what goes on; without a terminal, a line for each generation of processes. */
export function progress(title, { generation, generations, turn, turns }) {
  const processes = `${title}, processes ${generation + 1} of ${generations}`
  if (live) process.stderr.write(`\r\x1b[K${processes}, round ${turn + 1} of ${turns}`)
  else if (processes !== last) process.stderr.write(`${processes}\n`)
  last = processes
}

export function finished() {
  if (live) process.stderr.write('\r\x1b[K')
}

export function note(text) {
  process.stderr.write(`${live ? '\r\x1b[K' : ''}${text}\n`)
}

let headed = false

export function printRows(rows) {
  if (!headed) console.log(line(header))
  headed = true
  for (const row of rows) console.log(line(withSpread(row)))
}

/** The ratio with the quartiles, as one run is not like another. */
function withSpread(row) {
  const [what, holdfast, goal, measured, beside] = cells(row)
  const spread = row.spread?.[0] === undefined ? '' : ` [${row.spread.map(number).join('–')}]`
  return [what, holdfast, goal, measured + spread, beside]
}

const widths = [44, 10, 50, 34, 0]

function line(texts) {
  return texts
    .map((text, column) => text.padEnd(widths[column]))
    .join('  ')
    .trimEnd()
}
