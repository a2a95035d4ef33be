import type { World } from './world.js'

/** What a person has typed behind the name of a command. */
export interface Given {
  /** The arguments; what may come several times is the last, and has the rest. */
  readonly args: readonly string[]
  readonly options: Readonly<Record<string, string | boolean | undefined>>
}

/** Does the work. Gives the exit code where that is not 0. */
export type Run = (world: World, given: Given) => Promise<number> | Promise<void>

/** A command as data: reading it loads nothing of what it does. */
export interface Command {
  /** One word, or several as in `audit verify`. */
  readonly name: string
  readonly group: 'Look' | 'Change' | 'Move' | 'Mend' | 'Past' | 'More'
  readonly summary: string
  /** As commander writes them: `<store>`, `[query...]`. */
  readonly args: readonly (readonly [syntax: string, about: string])[]
  readonly options?: readonly (readonly [flags: string, about: string])[]
  /** What a line does, and the line, which works in a folder with `users.json`, `data/` and `app.db`. */
  readonly examples: readonly (readonly [says: string, line: string])[]
  load(): Promise<Run>
}

/** What every command that opens a store takes. */
export const storeOptions = [
  ['--id-property <name>', 'the property that holds the ids, where it is not id'],
  ['--token-file <file>', 'the file with the token for an https: store'],
] as const

export const jsonOption = ['--json', 'one JSON value a line, for programs'] as const
