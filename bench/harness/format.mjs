/** Rows as text: what, how fast, the goal, what was measured, and the others beside it. */
export function cells(row) {
  const beside = row.beside.map(({ name, ratio, failed }) => `${name} ${failed ? 'did not run' : number(ratio)}`)
  if (row.worst !== undefined) beside.push(`the worst: ${row.worst}`)
  return [row.what, absolute(row), goalOf(row), measured(row), beside.join(', ')]
}

export const header = ['what', 'Holdfast', 'goal', 'measured', 'beside']

function absolute({ value, unit }) {
  if (value === undefined) return 'did not run'
  return unit === 'rate' ? `${short(1000 / value)}/s` : duration(value)
}

function goalOf({ goal = {}, to, ahead = [] }) {
  const parts = []
  if (goal.speed !== undefined) parts.push(`≥ ${goal.speed} × ${to}`)
  if (goal.time !== undefined) parts.push(`≤ ${goal.time} × the time of ${to}`)
  if (goal.ms !== undefined) parts.push(`≤ ${goal.ms} ms`)
  if (ahead.length > 0) parts.push('ahead of the others')
  if (parts.length === 0) return to === undefined ? 'none' : `none, beside ${to}`
  return parts.join(', ')
}

function measured({ ratio, value, goal = {}, reached, behind }) {
  if (value === undefined) return ''
  const text = goal.ms !== undefined ? duration(value) : ratio === undefined ? '' : `${number(ratio)} ×`
  const short = reached === false ? ' (falls short)' : ''
  return `${text}${short}${behind.length > 0 ? ` (behind ${behind.join(', ')})` : ''}`
}

/** Two digits that count, and no more than three places. */
export function number(value) {
  if (value === undefined) return '?'
  if (value >= 9.95) return String(Math.round(value))
  return value >= 0.995 ? value.toFixed(1) : value >= 0.0995 ? value.toFixed(2) : value.toFixed(3)
}

function short(rate) {
  if (rate >= 999_500) return `${(rate / 1e6).toFixed(2)}M`
  return rate >= 9_950 ? `${Math.round(rate / 1000)}k` : rate >= 995 ? `${(rate / 1000).toFixed(1)}k` : number(rate)
}

function duration(ms) {
  if (ms === undefined) return 'did not run'
  return ms >= 0.995 ? `${number(ms)} ms` : `${number(ms * 1000)} µs`
}
