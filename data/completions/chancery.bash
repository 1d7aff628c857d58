# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for chancery(1); the program itself knows what can come next

_chancery()
{
  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" words=() i

  # In “--option=value” the sign is a word of its own.
  if [[ $word == "=" ]]; then
    word=
  elif [[ $before == "=" ]]; then
    before="${COMP_WORDS[COMP_CWORD-2]}"
  fi

  # A file may follow these.
  case "$before" in
    --*-file|--out|--known-hosts|--csr|--private-key|--transfer|--certificate|--key|--chain|--fullchain|--all)
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      return
      ;;
  esac

  for ((i = 1; i < COMP_CWORD; i++)); do
    [[ ${COMP_WORDS[i]} == "=" ]] || words+=("${COMP_WORDS[i]}")
  done
  mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" __complete "${words[@]}" "$word" 2>/dev/null)
}

complete -F _chancery chancery
