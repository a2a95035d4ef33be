import type { Output, World } from '../world.js'

export type Paint = Readonly<Record<'bold' | 'dim' | 'red' | 'green' | 'yellow', (text: string) => string>>

/** Colours for a terminal that wants some; elsewhere text stays as it is (https://no-color.org). */
export function paintFor({ env }: World, output: Output): Paint {
  const wanted = output.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb'
  const style = (on: number, off: number) => (text: string) => (wanted ? `\u001b[${on}m${text}\u001b[${off}m` : text)
  return { bold: style(1, 22), dim: style(2, 22), red: style(31, 39), green: style(32, 39), yellow: style(33, 39) }
}
