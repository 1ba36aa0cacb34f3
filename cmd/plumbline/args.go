package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// arrange moves the flags of the command before its other arguments, because urfave/cli stops reading flags at the
// first plain argument, and reports flags that are unknown, given twice, or without a value. As in urfave/cli, one dash
// is as good as two, --flag=value and --flag value mean the same, and after -- nothing is a flag. A --help anywhere
// becomes the help command.
func arrange(app *cli.App, args []string) ([]string, error) {
	if len(args) < 2 {
		return []string{app.Name}, nil
	}
	if isFlag(args[1]) {
		switch name, _, _ := splitFlag(args[1]); {
		case isHelp(args[1]):
			return append([]string{args[0], "help", "--"}, args[2:]...), nil
		case name == "version" || name == "v":
			return []string{args[0], "--version"}, nil
		}
		return nil, fault.Usage("", "flags of a command come after it: plumbline COMMAND LOOP [flags]",
			"%s comes before the command, or belongs to none", args[1])
	}
	command := app.Command(args[1])
	if command == nil {
		return nil, unknownCommand(app, args[1])
	}
	for _, arg := range args[2:] {
		if arg == "--" {
			break
		}
		if isHelp(arg) {
			return []string{args[0], "help", "--", command.Name}, nil
		}
	}
	flags, plain, err := sortArguments(command, args[2:])
	if err != nil {
		return nil, err
	}
	arranged := append([]string{args[0], command.Name}, flags...)
	arranged = append(arranged, "--")
	return append(arranged, plain...), nil
}

// sortArguments parts a command's arguments into flags, each as --name=value or --name, and the rest.
func sortArguments(command *cli.Command, args []string) (flags, plain []string, err error) {
	seen := map[string]bool{}
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			return flags, append(plain, args[i+1:]...), nil
		}
		if !isFlag(arg) {
			plain = append(plain, arg)
			continue
		}
		name, value, hasValue := splitFlag(arg)
		kind := flagOf(command, name)
		if kind == nil {
			return nil, nil, unknownFlag(command, name)
		}
		if _, isSwitch := kind.(*cli.BoolFlag); isSwitch {
			if hasValue {
				return nil, nil, fault.Usage("--"+name, "write --"+name+" alone", "takes no value, and is given %q", value)
			}
			if seen[name] {
				return nil, nil, fault.Usage("--"+name, "give it once", "is given twice")
			}
			seen[name] = true
			flags = append(flags, "--"+name)
			continue
		}
		if !hasValue && i+1 < len(args) && !startsKnownFlag(command, args[i+1]) {
			i++
			value, hasValue = args[i], true
		}
		if !hasValue || value == "" {
			return nil, nil, fault.Usage("--"+name, "plumbline "+command.Name+" --help says what it takes", "has no value")
		}
		if _, several := kind.(*cli.StringSliceFlag); seen[name] && !several {
			return nil, nil, fault.Usage("--"+name, "give it once", "is given twice")
		}
		seen[name] = true
		flags = append(flags, "--"+name+"="+value)
	}
	return flags, plain, nil
}

// isFlag tells a flag from a plain argument; a lone dash is plain.
func isFlag(arg string) bool { return len(arg) > 1 && arg[0] == '-' }

func isHelp(arg string) bool {
	name, _, _ := splitFlag(arg)
	return isFlag(arg) && (name == "help" || name == "h")
}

// splitFlag parts --name=value.
func splitFlag(arg string) (name, value string, hasValue bool) {
	arg = strings.TrimPrefix(strings.TrimPrefix(arg, "-"), "-")
	return strings.Cut(arg, "=")
}

// flagOf is the command's flag of that name; nil where it has none. All but those of type BoolFlag take a value.
func flagOf(command *cli.Command, name string) cli.Flag {
	for _, f := range command.Flags {
		if slices.Contains(f.Names(), name) {
			return f
		}
	}
	return nil
}

func startsKnownFlag(command *cli.Command, arg string) bool {
	if !isFlag(arg) {
		return false
	}
	name, _, _ := splitFlag(arg)
	return name == "" || flagOf(command, name) != nil
}

// oneLoop returns the single LOOP argument.
func oneLoop(c *cli.Context) (string, error) {
	usage := "write plumbline " + c.Command.Name + " LOOP, the path of one loop file"
	switch args := c.Args().Slice(); {
	case len(args) == 0:
		return "", fault.Usage("", usage, "LOOP is missing")
	case len(args) > 1:
		return "", fault.Usage("", usage, "%s takes one LOOP, not %d: %s", c.Command.Name, len(args), strings.Join(args, ", "))
	case args[0] == "":
		return "", fault.Usage("", usage, "LOOP is empty")
	default:
		return args[0], nil
	}
}

func unknownCommand(app *cli.App, name string) error {
	var names []string
	for _, c := range app.VisibleCommands() {
		names = append(names, c.Name)
	}
	fix := "the commands are " + strings.Join(names, ", ")
	if near := nearest(name, names); near != "" {
		fix = "did you mean " + near + "? " + fix
	}
	return fault.Usage("", fix, "there is no command %q", name)
}

func unknownFlag(command *cli.Command, name string) error {
	var names []string
	for _, f := range command.Flags {
		names = append(names, f.Names()...)
	}
	fix := "plumbline " + command.Name + " --help lists the flags"
	if near := nearest(name, names); near != "" {
		fix = "did you mean --" + near + "? " + fix
	}
	return fault.Usage("", fix, "%s has no flag --%s", command.Name, name)
}
