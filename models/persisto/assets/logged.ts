/** Brings what the journal says to the logger: each entry once, in order. */
import { StoreError } from '../../../lib/errors.js'
import { groupCommit } from '../../../stores/table/group-commit.js'
import type { LogEvent, Logger } from '../log-event.js'
import { toDecimal } from './amount.js'
import { system } from './page.js'
import type { Entry } from './types.js'

export interface Journal {
  /** How many entries there were at the opening. */
  readonly begun: number
  readonly decimals: number
  entry(number: number): Promise<Entry | undefined>
}

/**
 * Gives a function that is told of new entries, and records them with all that were not recorded before them: by a crash, or as
 * another process wrote them. It does so once at the beginning.
 */
export async function logged(
  logger: Logger | undefined,
  { begun, decimals, entry }: Journal,
): Promise<(entries: readonly Entry[]) => Promise<void>> {
  if (!logger) return async () => {}
  const lastOf = async (otherwise: number) => (await logger.lastEntry?.()) ?? otherwise
  let last = await lastOf(begun)

  /** Records all that is new up to an entry. Those given need not be read. */
  async function upTo(number: number, given: readonly Entry[]): Promise<void> {
    const known = new Map(given.map(each => [each.number, each]))
    const events: LogEvent[] = []
    for (let each = last + 1; each <= number; each++) {
      const found = known.get(each) ?? (await entry(each))
      if (found) events.push(eventOf(found, decimals))
    }
    try {
      // called at once, so that they share what it costs to keep them
      await Promise.all(events.map(event => logger?.record(event)))
      last = Math.max(last, number)
    } catch (cause) {
      last = await lastOf(last)
      const message = 'it is in the books, and not in the log, which will be brought up to them'
      throw new StoreError('OutcomeUnknownError', message, { cause })
    }
  }

  await upTo(begun, [])
  return groupCommit<readonly Entry[]>({
    write: entries => upTo(Math.max(...entries.flat().map(({ number }) => number)), entries.flat()),
    landed() {},
    failed() {},
  })
}

function eventOf({ number, type, lines, reason, operation }: Entry, decimals: number): LogEvent {
  const users = [...new Set(lines.map(({ account }) => account))].filter(
    account => account !== system && account !== 'issued',
  )
  const told = lines.map(({ account, balance, amount }) => ({ account, balance, amount: toDecimal(amount, decimals) }))
  return {
    type,
    users,
    entry: number,
    data: { lines: told, ...(reason !== undefined && { reason }), ...(operation !== undefined && { operation }) },
  }
}
