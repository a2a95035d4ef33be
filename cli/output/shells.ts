/** Completion, written out: a shell asks nothing of the command, so it answers at once. */
import type { Command } from '../command.js'

const shells = { bash, zsh, fish }
export type Shell = keyof typeof shells

export const isShell = (name: string): name is Shell => Object.hasOwn(shells, name)

export function scriptFor(shell: Shell, commands: readonly Command[]): string {
  return shells[shell](commands)
}

const words = (commands: readonly Command[]) => [
  ...new Set(commands.map(({ name }) => name.split(' ')[0] as string)),
  'help',
]

const optionsOf = ({ options = [] }: Command) => [
  ...options.map(([flags, about]) => [flags.split(' ')[0] as string, about] as const),
  ['--help', 'how it is used'] as const,
]

const addresses = ['file:', 'dir:', 'sqlite:', 'https://', 'package:', 'memory:']

function bash(commands: readonly Command[]): string {
  const cases = commands.map(command => {
    const flags = optionsOf(command).map(([flag]) => flag)
    return `    ${command.name.split(' ')[0]}) options="${flags.join(' ')}" ;;`
  })
  return `# completion of holdfast for bash: source <(holdfast completion bash)
_holdfast() {
  local word="\${COMP_WORDS[COMP_CWORD]}" options=""
  # a colon divides words, so an address is put together again
  local address="$word"
  if [[ "\${COMP_WORDS[COMP_CWORD-1]}" == ":" ]]; then address="\${COMP_WORDS[COMP_CWORD-2]}:$word"
  elif [[ "$word" == ":" ]]; then address="\${COMP_WORDS[COMP_CWORD-1]}:"; fi
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "${words(commands).join(' ')}" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ "\${COMP_WORDS[1]}" == completion ]]; then COMPREPLY=($(compgen -W "${Object.keys(shells).join(' ')}" -- "$word"))
  elif [[ "$address" == *:* ]]; then COMPREPLY=($(compgen -f -- "\${address#*:}"))
  else COMPREPLY=($(compgen -W "${addresses.join(' ')}" -- "$word") $(compgen -f -- "$word")); fi
}
complete -o nosort -o filenames -F _holdfast holdfast`
}

function zsh(commands: readonly Command[]): string {
  const quoted = (text: string) => text.replaceAll("'", "'\\''")
  const names = commands.map(({ name, summary }) => `    '${name.split(' ')[0]}:${quoted(summary)}'`)
  const cases = commands.map(command => {
    const flags = optionsOf(command).map(([flag, about]) => `'${flag}[${quoted(about).replace(/[[\]]/g, '')}]'`)
    return `    ${command.name.split(' ')[0]}) _arguments ${flags.join(' ')} '*:store:_holdfast_store' ;;`
  })
  return `#compdef holdfast
# completion of holdfast for zsh: holdfast completion zsh > "\${fpath[1]}/_holdfast"
_holdfast_store() {
  if compset -P '*:'; then _files
  else compadd -S '' -- ${addresses.join(' ')}; _files; fi
}
_holdfast() {
  local -a commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  local command=\${words[2]}
  shift words; (( CURRENT-- ))
  case $command in
${cases.join('\n')}
  esac
}
if [[ \${funcstack[1]} == _holdfast ]]; then _holdfast "$@"; else compdef _holdfast holdfast; fi`
}

function fish(commands: readonly Command[]): string {
  const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  const lines = commands.flatMap(command => {
    const name = command.name.split(' ')[0] as string
    const flags = optionsOf(command).map(
      ([flag, about]) =>
        `complete -c holdfast -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)} -d ${quoted(about)}`,
    )
    return [`complete -c holdfast -n __fish_use_subcommand -f -a ${name} -d ${quoted(command.summary)}`, ...flags]
  })
  return ['# completion of holdfast for fish: holdfast completion fish | source', ...lines].join('\n')
}
