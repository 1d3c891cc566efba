// What each shell reads. They take apart what is typed, ask `dyno __complete` (see `complete.ts`) and show what it says;
// what is typed, and what is offered, is never run. `dyno` is found as the person's own is: by PATH, or an alias.

const BASH = `# Completion of dyno for bash: eval "$(dyno completion bash)"

# Takes what is typed up to the cursor apart into __words, without its quotes; nothing of it is run. __keep is what
# readline leaves alone of the last word: bash breaks words at : and = too, and replaces what comes behind.
__dyno_words() {
  local line=\${COMP_LINE:0:COMP_POINT} breaks=\${COMP_WORDBREAKS//[^:=@]/} word= begun= c i
  __words=() __keep= __quote= __redirects=
  for ((i = 0; i < \${#line}; i++)); do
    c=\${line:i:1}
    if [[ $__quote == "'" && $c != "'" ]]; then
      word+=$c
    elif [[ $c == '\\' ]]; then
      ((i += 1))
      [[ $__quote == '"' && \${line:i:1} != [\\"\\\\\\$\\\`] ]] && word+=$c
      word+=\${line:i:1} begun=1
    elif [[ -n $__quote && $c == "$__quote" ]]; then
      __quote=
    elif [[ -n $__quote ]]; then
      word+=$c
    elif [[ $c == [\\"\\'] ]]; then
      __quote=$c __keep=$word begun=1
    elif [[ $c == [[:blank:]\\<\\>] ]]; then
      [[ -n $begun && -z $__redirects ]] && __words+=("$word")
      [[ -n $begun ]] && __redirects=
      [[ $c == [\\<\\>] ]] && __redirects=1
      word= begun= __keep=
    else
      [[ $c == '~' && -z $begun && \${line:i+1:1} == / ]] && c=$HOME
      word+=$c begun=1
      [[ -n $breaks && $c == [$breaks] ]] && __keep=$word
    fi
  done
  __words+=("$word")
}

_dyno() {
  local __words __keep __quote __redirects line
  COMPREPLY=()
  __dyno_words
  if [[ -n $__redirects ]]; then
    compopt -o default 2>/dev/null
    return
  fi
  while IFS= read -r line; do
    case $line in
      $'\\tfiles') compopt -o default 2>/dev/null ;;
      $'\\tfolders') compopt -o dirnames 2>/dev/null ;;
      *)
        line=\${line%%$'\\t'*}
        line=\${line#"$__keep"}
        if [[ -z $__quote ]]; then
          printf -v line %q "$line"
        elif [[ $line == *[\\'\\"\\\\\\$\\\`!]* ]]; then
          continue
        fi
        COMPREPLY+=("$line")
        ;;
    esac
  done < <(dyno __complete "\${__words[@]:1}" 2>/dev/null </dev/null)
  compopt -o nosort 2>/dev/null
  [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}

# The bash of macOS is too old to be told for each word who completes it: there files stand wherever nothing else does.
if type compopt >/dev/null 2>&1; then complete -F _dyno dyno; else complete -o default -F _dyno dyno; fi
`

const ZSH = `#compdef dyno
# Completion of dyno for zsh: source <(dyno completion zsh), or a file _dyno in a folder of $fpath.

_dyno() {
  local line text program=dyno
  [[ -x \${aliases[dyno]} ]] && program=\${aliases[dyno]}
  local -i width=0
  local -a typed lines names shown open open_shown
  typed=("\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}")
  typed=("\${(@)typed/#\\~\\//$HOME/}")
  lines=("\${(@f)$("$program" __complete "\${typed[@]}" 2>/dev/null </dev/null)}")
  case \${lines[1]} in
    ('') return 1 ;;
    ($'\\tfiles') compset -P '--[^=]#='; _files; return ;;
    ($'\\tfolders') compset -P '--[^=]#='; _files -/; return ;;
  esac
  for text in "\${lines[@]%%$'\\t'*}"; do (( width = $#text > width ? $#text : width )); done
  for line in "\${lines[@]}"; do
    text=\${line%%$'\\t'*}
    [[ $line == *$'\\t'* ]] && line="\${(r:width:)text}  -- \${line#*$'\\t'}"
    if [[ $text == *= ]]; then
      open+=("$text") open_shown+=("\${line[1,COLUMNS-1]}")
    else
      names+=("$text") shown+=("\${line[1,COLUMNS-1]}")
    fi
  done
  (( $#names )) && compadd -V dyno -l -d shown -a names
  (( $#open )) && compadd -V dyno -S '' -l -d open_shown -a open
  (( $#names + $#open ))
}

if [[ \${funcstack[1]} == _dyno ]]; then
  _dyno "$@"
elif (( $+functions[compdef] )); then
  compdef _dyno dyno
else
  print -ru2 -- " !    Completion is not on; put 'autoload -Uz compinit && compinit' before this in ~/.zshrc."
fi
`

const FISH = `# Completion of dyno for fish: dyno completion fish | source

function __dyno_complete
    set -l typed (commandline -opc)
    set -e typed[1]
    set -l word (commandline -ct)
    set -l plain (string unescape -- "$word"); or set plain "$word"
    for line in (dyno __complete $typed "$plain" 2>/dev/null </dev/null)
        switch $line
            case \\tfiles \\tfolders
                set -l head (string match -r -- '^--[^=]+=' "$plain")
                set -l rest (string replace -r -- '^--[^=]+=' '' "$plain")
                # A program that is not there has no completions but files.
                for file in (complete -C "__dyno_files "(string escape -- "$rest"))
                    if test $line = \\tfiles; or string match -qr -- '/$' $file
                        printf '%s\\n' "$head$file"
                    end
                end
            case '*'
                printf '%s\\n' $line
        end
    end
end

complete -c dyno -k -f -a '(__dyno_complete)'
`

/** The script of each shell that can complete. */
export const COMPLETION_SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH } as const
