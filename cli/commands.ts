import { changing } from './commands/change.js'
import { looking } from './commands/look.js'
import { moving } from './commands/move.js'

/** All commands, in the order of the help. */
export const commands = [...looking, ...changing, ...moving]
