/** The command: from what was typed to what is done, and an exit code. */
import { Command as Commander, CommanderError } from 'commander'
import type { Command, Given } from './command.js'
import { commands } from './commands.js'
import { codes, oneLine, report } from './failure.js'
import { version } from './version.js'
import type { World } from './world.js'

/** Does what the words say, and gives the exit code. Never throws, touches nothing of the process but through the world. */
export async function main(words: readonly string[], world: World): Promise<number> {
  let code: number = codes.done
  const program = begun(new Commander('holdfast'), world)
    .version(version(), '-v, --version')
    .description('See, query, move, mend and serve any store of objects.')
    .addHelpText('after', `\n${start}`)
    .helpCommand('help [command]', 'show the help of a command')
  for (const command of commands) {
    add(program, command, world).action(async (...given: unknown[]) => {
      const { args, options } = givenOf(command, given)
      const run = await command.load()
      code = (await run(world, { args, options })) ?? codes.done
    })
  }
  try {
    if (words.length === 0) program.help()
    await program.parseAsync([...words], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return refused(world, error)
    return report(world, error, words.includes('--json'))
  }
}

const start = `A store is file:data.json, dir:./data, sqlite:app.db#table, https://host/name, package:name or memory:.
Begin with  holdfast doctor,  or  holdfast query file:data.json`

function begun(program: Commander, { stdout, stderr, env }: World): Commander {
  return program
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ sortOptions: true, showGlobalOptions: false })
    .configureOutput({
      writeOut: text => void stdout.write(text),
      writeErr: () => {},
      getOutHelpWidth: () => stdout.columns || 100,
      getErrHelpWidth: () => stderr.columns || 100,
      getOutHasColors: () => stdout.isTTY === true && !env.NO_COLOR,
    })
}

function add(program: Commander, { name, group, summary, args, options = [], examples }: Command, world: World) {
  const words = name.split(' ')
  const last = words.pop() as string
  const parent = words.reduce((above, word) => subcommand(above, word, world), program)
  const command = begun(parent.command(last), world)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
    .helpGroup(`${group}:`)
  for (const [syntax, about] of args) command.argument(syntax, about)
  for (const [flags, about] of options) command.option(flags, about)
  const shown = examples.map(([says, line]) => `  # ${says}\n  ${line}`)
  return command.addHelpText('after', `\nExamples:\n${shown.join('\n')}`)
}

/** A word that others follow. */
function subcommand(above: Commander, word: string, world: World): Commander {
  const known = above.commands.find(each => each.name() === word)
  return known ?? begun(above.command(word), world).summary('see its commands').helpGroup('Mend:')
}

function givenOf({ args }: Command, given: unknown[]): Given {
  const options = given[args.length] as Given['options']
  return { args: given.slice(0, args.length).flatMap(each => (each === undefined ? [] : (each as string))), options }
}

/** What commander itself refuses, or has answered. */
function refused({ stderr }: World, { code, message, exitCode }: CommanderError): number {
  if (exitCode === 0) return codes.done
  const told = code === 'commander.help' ? 'a command is missing' : message.replace(/^error: /, '')
  stderr.write(`holdfast: ${oneLine(told, 'holdfast --help lists what there is')}\n`)
  return codes.usage
}
