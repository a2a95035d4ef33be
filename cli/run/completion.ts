import type { Run } from '../command.js'
import { commands } from '../commands.js'
import { usage } from '../failure.js'
import { isShell, scriptFor } from '../output/shells.js'
import { writeLine } from '../output/write.js'

/** Prints the script of a shell: the names of commands and options, and files where stores are expected. */
export const completion: Run = async (world, { args: [shell = ''] }) => {
  if (!isShell(shell)) throw usage(`${shell} is no shell that is known`, 'bash, zsh and fish are')
  await writeLine(world, scriptFor(shell, commands))
}
