package dev.kvasir.runner.completion;

import dev.kvasir.runner.completion.Words.Flag;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** A function for bash; zsh runs it, too. */
final class BashScript {
    private static final String HEAD = """
            # Completes the commands, options and values of kvasir in bash.
            _kvasir() {
              local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command='' next i
              if [[ $word == '=' ]]; then
                word=''
              elif [[ $before == '=' ]]; then
                before=${COMP_WORDS[COMP_CWORD-2]}
              fi
              for ((i = 1; i < COMP_CWORD; i++)); do
                next="${command:+$command }${COMP_WORDS[i]}"
                case $next in
                  COMMANDS) command=$next ;;
                esac
              done
              if [[ -z $command && ( $word == -* || ${COMP_WORDS[1]} == -* ) && COMP_CWORD -ge 1 ]]; then
                command=run
              fi
              local words='' options='' files='' list=''
              case $command in
            """;
    private static final String TAIL = """
              esac
              COMPREPLY=()
              if [[ -n $list && $word == *,* ]]; then
                local done=${word%,*},
                COMPREPLY=($(compgen -P "$done" -W "$words" -- "${word##*,}"))
              elif [[ -n $words ]]; then
                COMPREPLY=($(compgen -W "$words" -- "$word"))
              elif [[ -z $files && $word == -* ]]; then
                COMPREPLY=($(compgen -W "$options" -- "$word"))
              elif [[ $files == yes ]]; then
                compopt -o filenames 2>/dev/null
                COMPREPLY=($(compgen -f -- "$word"))
              fi
            }
            complete -F _kvasir kvasir
            """;

    private BashScript() {}

    static String of(List<Words> commands) {
        String paths = commands.stream()
                .map(Words::path)
                .filter(path -> !path.isEmpty())
                .map(path -> "'" + path + "'")
                .collect(Collectors.joining("|"));
        var script = new StringBuilder(HEAD.replace("COMMANDS", paths));
        commands.forEach(words -> script.append(branch(words)));
        return script.append(TAIL).toString();
    }

    /** The branch of a command: the values of the option before the cursor, or else its options. */
    private static String branch(Words command) {
        var names = command.options().stream().flatMap(flag -> flag.names().stream()).toList();
        var branch = new StringBuilder("    '%s')\n      options='%s'\n      case $before in\n"
                .formatted(command.path(), String.join(" ", names)));
        for (Flag flag : command.options()) {
            if (flag.takesValue()) {
                branch.append("        %s) %s ;;\n".formatted(String.join("|", flag.names()), value(flag)));
            }
        }
        var rest = new ArrayList<>(command.commands());
        rest.addAll(command.parameters());
        branch.append("        *) ")
                .append(rest.isEmpty() ? "" : "[[ $word == -* ]] || words='%s'; ".formatted(joined(rest)))
                .append(command.takesFiles() ? "[[ $word == -* ]] || files=yes; " : "")
                .append(":;;\n");
        return branch.append("      esac ;;\n").toString();
    }

    private static String value(Flag flag) {
        if (!flag.values().isEmpty()) {
            return "words='%s'%s".formatted(joined(flag.values()), flag.isList() ? " list=yes" : "");
        }
        return flag.takesFile() ? "files=yes" : "files=no";
    }

    private static String joined(Collection<String> words) {
        return String.join(" ", words);
    }
}
