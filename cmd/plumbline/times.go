package main

import (
	"errors"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/plumbline-data/plumbline/engine/fault"
)

const (
	dayLayout = "2006-01-02"

	timeHint = "write RFC 3339 with Z or an offset, as in 2013-07-22T05:00:00+00:00, or a UTC day, as in 2013-07-22"

	// noLengthHint names the Airflow 3 cause of a zero-length interval, and its cures.
	noLengthHint = `since Airflow 3 [scheduler] create_cron_data_intervals=False is the default, so a cron schedule is a ` +
		`CronTriggerTimetable and its data_interval_start equals data_interval_end; ` +
		`use schedule=CronDataIntervalTimetable("0 0 * * *", timezone="UTC"), or set create_cron_data_intervals=True, ` +
		`or give the day with --date`
)

// interval reads --date, or --from and --to, as half-open bounds in UTC.
func interval(c *cli.Context) (from, to time.Time, err error) {
	switch date, span := c.IsSet("date"), c.IsSet("from") || c.IsSet("to"); {
	case date && span:
		return from, to, fault.Usage("--date", "give --date D alone, or --from T and --to T", "does not go with --from or --to")
	case date:
		from, err = parseDay("--date", c.String("date"))
		return from, from.AddDate(0, 0, 1), err
	case !c.IsSet("from") && !c.IsSet("to"):
		return from, to, fault.Usage("", "give --date D, a UTC day, or --from T --to T", "which days to run is not said")
	case !c.IsSet("to"):
		return from, to, fault.Usage("--to", "give both bounds of the interval; --to is not in it", "is missing beside --from")
	case !c.IsSet("from"):
		return from, to, fault.Usage("--from", "give both bounds of the interval", "is missing beside --to")
	}
	from, errFrom := parseInstant("--from", c.String("from"))
	to, errTo := parseInstant("--to", c.String("to"))
	if err := errors.Join(errFrom, errTo); err != nil {
		return from, to, err
	}
	if from.Equal(to) {
		return from, to, fault.Usage("", noLengthHint, "--from and --to are the same instant, %s: the interval has no length", stamp(from))
	}
	if from.After(to) {
		return from, to, fault.Usage("", "swap them", "--from %s is after --to %s", stamp(from), stamp(to))
	}
	return from, to, nil
}

// asOf reads --as-of; its default is the end of the interval.
func asOf(c *cli.Context, from, to time.Time) (time.Time, error) {
	if !c.IsSet("as-of") {
		return to, nil
	}
	t, err := parseInstant("--as-of", c.String("as-of"))
	if err != nil {
		return t, err
	}
	if !t.After(from) {
		return t, fault.Usage("--as-of", "give an instant after "+stamp(from)+", or leave it out: it defaults to the interval's end",
			"%s is not after the interval's start, so nothing of the interval is known yet", stamp(t))
	}
	return t, nil
}

// parseInstant reads RFC 3339, also with a blank for the T as Airflow prints it, or a day, which is its UTC midnight.
func parseInstant(flag, s string) (time.Time, error) {
	written := strings.ToUpper(strings.TrimSpace(s))
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05Z07:00", dayLayout} {
		if t, err := time.Parse(layout, written); err == nil {
			return t.UTC(), nil
		}
	}
	if fix := templateHint(s); fix != "" {
		return time.Time{}, fault.Usage(flag, fix, "%q is not an instant", s)
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if _, err := time.Parse(layout, written); err == nil {
			return time.Time{}, fault.Usage(flag, timeHint, "%q has no zone, so it names no instant", s)
		}
	}
	return time.Time{}, fault.Usage(flag, timeHint, "%q is not an instant", s)
}

// parseDay reads a UTC day as its midnight.
func parseDay(flag, s string) (time.Time, error) {
	t, err := time.Parse(dayLayout, strings.TrimSpace(s))
	if err == nil {
		return t, nil
	}
	fix := templateHint(s)
	if fix == "" {
		fix = "write a UTC day, as in 2013-07-22"
	}
	return t, fault.Usage(flag, fix, "%q is not a day", s)
}

// templateHint is the hint for what a scheduler leaves where a time should be; "" for everything else.
func templateHint(s string) string {
	switch {
	case strings.Contains(s, "{{"):
		return "the template was not rendered: pass it through a templated field, such as bash_command or env of the BashOperator"
	case s == "None":
		return "this Airflow run has no data interval (it was started by an asset or by hand); give the day with --date"
	}
	return ""
}

// stamp writes an instant as RFC 3339 in UTC.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
