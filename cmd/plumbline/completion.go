package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// shells are those that completion is written for, and how each loads it.
var shells = map[string]string{
	"bash": "source <(plumbline completion bash)",
	"zsh":  "source <(plumbline completion zsh)",
	"fish": "plumbline completion fish | source",
}

// completionCommand prints what a shell needs to complete commands and flags.
func completionCommand(w *world) *cli.Command {
	return &cli.Command{
		Name:        "completion",
		Usage:       "prints what a shell completes commands and flags by: bash, zsh or fish",
		ArgsUsage:   "SHELL",
		UsageText:   "plumbline completion bash",
		Description: "Load it with " + shells["bash"] + " in bash or zsh, with " + shells["fish"] + " in fish.",
		Action: func(c *cli.Context) error {
			shell := c.Args().First()
			if _, ok := shells[shell]; !ok || c.Args().Len() != 1 {
				return fault.Usage("", "write plumbline completion bash, zsh or fish", "which shell is not said, or it is none of these")
			}
			text := fishWords(c.App)
			if shell != "fish" {
				text = bashWords(c.App)
			}
			if shell == "zsh" {
				text = "autoload -U +X bashcompinit && bashcompinit\n" + text
			}
			if _, err := fmt.Fprint(w.stdout, text); err != nil {
				return fmt.Errorf("write to stdout: %w", err)
			}
			return nil
		},
	}
}

// flagWords are a command's flags as they are written.
func flagWords(c *cli.Command) []string {
	var all []string
	for _, f := range c.Flags {
		all = append(all, "--"+f.Names()[0])
	}
	return append(all, "--help")
}

// bashWords is a function for bash: of words that begin with a dash the command's flags, of the first the commands, else files.
func bashWords(app *cli.App) string {
	var names []string
	var cases strings.Builder
	for _, c := range app.VisibleCommands() {
		names = append(names, c.Name)
		fmt.Fprintf(&cases, "        %s) flags='%s' ;;\n", c.Name, strings.Join(flagWords(c), " "))
	}
	return fmt.Sprintf(`_plumbline() {
    local word=${COMP_WORDS[COMP_CWORD]} flags=
    case ${COMP_WORDS[1]} in
%s    esac
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W '%s --help --version' -- "$word"))
    elif [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "$flags" -- "$word"))
    elif [ "${COMP_WORDS[1]}" = help ]; then
        COMPREPLY=($(compgen -W '%s' -- "$word"))
    else
        COMPREPLY=($(compgen -f -- "$word"))
    fi
}
complete -o filenames -F _plumbline plumbline
`, cases.String(), strings.Join(names, " "), strings.Join(names, " "))
}

// fishWords is the same for fish.
func fishWords(app *cli.App) string {
	quoted := func(s string) string { return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'" }
	var b strings.Builder
	for _, c := range app.VisibleCommands() {
		fmt.Fprintf(&b, "complete -c plumbline -n __fish_use_subcommand -f -a %s -d %s\n", c.Name, quoted(c.Usage))
		for _, f := range c.Flags {
			takes := " -r"
			if _, isSwitch := f.(*cli.BoolFlag); isSwitch {
				takes = ""
			}
			fmt.Fprintf(&b, "complete -c plumbline -n '__fish_seen_subcommand_from %s' -l %s%s\n", c.Name, f.Names()[0], takes)
		}
	}
	return b.String()
}
