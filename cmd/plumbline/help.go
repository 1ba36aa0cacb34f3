package main

import (
	"github.com/urfave/cli/v2"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// appHelp is what `plumbline help` prints.
const appHelp = `plumbline {{.Usage}}.

usage: plumbline COMMAND [flags]; flags work before and after other arguments

commands:{{range .VisibleCommands}}
  {{printf "%-11s" .Name}}{{.Usage}}{{end}}

plumbline help COMMAND lists a command's flags; plumbline --version prints the version.

exit codes:
  0    done, whatever was found
  1    the data cannot be read, or the run failed
  2    the command line, the loop file, or a column or type that it names is wrong
  3    findings at or above --fail-on
  99   nothing to do, under --on-empty skip
  130  stopped by SIGINT; the ledger is as it was
  143  stopped by SIGTERM; the ledger is as it was

Results go to stdout, everything else to stderr.
`

// commandHelp is what `plumbline COMMAND --help` prints.
const commandHelp = `{{.HelpName}}: {{.Usage}}.

usage: {{.HelpName}} {{.ArgsUsage}}
{{if .Description}}
{{.Description}}
{{end}}
example{{if ne .Name "demo"}}{{if ne .Name "help"}}{{if ne .Name "completion"}}, after plumbline demo{{end}}{{end}}{{end}}:
  {{.UsageText}}
{{if .VisibleFlags}}
flags:{{range .VisibleFlags}}
  {{.}}{{end}}
{{end}}`

func helpCommand() *cli.Command {
	return &cli.Command{
		Name:      "help",
		UsageText: "plumbline help run",
		Usage:     "prints this text, or a command's flags",
		ArgsUsage: "[COMMAND]",
		Action: func(c *cli.Context) error {
			switch c.Args().Len() {
			case 0:
				return cli.ShowAppHelp(c)
			case 1:
				name := c.Args().First()
				if c.App.Command(name) == nil {
					return unknownCommand(c.App, name)
				}
				return cli.ShowCommandHelp(c, name)
			}
			return fault.Usage("", "write plumbline help COMMAND", "help takes one command, not %d", c.Args().Len())
		},
	}
}
