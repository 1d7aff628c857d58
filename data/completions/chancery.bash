# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for chancery(1); the program itself knows what can come next

_chancery()
{
  local word="${COMP_WORDS[COMP_CWORD]}" words=() i

  # A file may follow these.
  case "${COMP_WORDS[COMP_CWORD-1]}" in
    --*-file|--out|--csr|--private-key|--transfer|--certificate|--key|--chain|--fullchain|--all)
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      return
      ;;
  esac

  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ ${COMP_WORDS[i]} == -* ]] || words+=("${COMP_WORDS[i]}")
  done
  # What these are followed by is no word of the line's.
  case "${COMP_WORDS[COMP_CWORD-1]}" in
    --dns|--account|--contact|--organization|--method|--product|--key-algorithm)
      words+=("${COMP_WORDS[COMP_CWORD-1]}")
      ;;
  esac
  mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" __complete "${words[@]}" "$word" 2>/dev/null)
}

complete -F _chancery chancery
