import { median, quartiles } from './median.mjs'

/**
 * The rows of a case: Holdfast against the variant that a row names as its `to`, and the others beside it. A ratio is
 * that of the same round, so that what slows the machine down stands on both sides; of all rounds the median counts.
 */
export function rowsOf({ variants, rows, operations }, { samples, failed }, group) {
  return rows.map(row => {
    const { subject = 'Holdfast', to, goal = {}, ahead = [] } = row
    const operation = row.operation ?? slowest(samples[subject], operations)
    const { toOperation = operation } = row
    const time = samples[subject][operation]
    const reference = to === undefined ? undefined : samples[to][toOperation]
    const ratio = each => ratioOf(each, reference, goal.time !== undefined)
    const others = Object.keys(variants).filter(name => name !== subject && name !== to && !row.without?.includes(name))
    return {
      ...row,
      group,
      unit: goal.time === undefined && goal.ms === undefined ? 'rate' : 'time',
      value: failed.has(subject) ? undefined : median(time),
      ratio: reference && ratio(time),
      spread: reference && quartiles(ratiosOf(time, reference, goal.time !== undefined)),
      worst: row.operation === undefined ? operation : undefined,
      beside: others.flatMap(name => {
        const theirs = samples[name][operation]
        if (failed.has(name)) return [{ name, failed: true }]
        return reference && theirs.length > 0 ? [{ name, ratio: ratio(theirs) }] : []
      }),
      behind: ahead.filter(name => !failed.has(name) && ratioOf(time, samples[name][operation], false) < 1),
      reached: reached(goal, reference && ratio(time), median(time)),
    }
  })
}

/** Where no operation is named, the one counts that takes longest. */
function slowest(samples, operations) {
  return operations.reduce((worst, each) => (median(samples[each]) > median(samples[worst]) ? each : worst))
}

function ratioOf(times, reference, asTime) {
  return median(ratiosOf(times, reference, asTime))
}

function ratiosOf(times, reference, asTime) {
  return times.flatMap((time, round) => {
    const other = reference[round]
    return time === undefined || other === undefined ? [] : [asTime ? time / other : other / time]
  })
}

function reached({ speed, time, ms }, ratio, value) {
  if (value === undefined) return undefined
  if (speed !== undefined && ratio !== undefined) return ratio >= speed
  if (time !== undefined && ratio !== undefined) return ratio <= time
  return ms === undefined ? undefined : value <= ms
}
