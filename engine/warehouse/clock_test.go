package warehouse

import (
	"strings"
	"testing"
)

type clock struct{ column, form, zone string }

func (c clock) Clock() (column, form, zone string) { return c.column, c.form, c.zone }

func TestUTC(t *testing.T) {
	db := open(t, nil)
	const newYork = "America/New_York"
	tests := []struct{ name, value, form, zone, want string }{
		{"zoned", "timestamptz '2013-07-22 20:00:00-04:00'", "zoned", "", "2013-07-23 00:00:00"},
		{"zoned, zone ignored", "timestamptz '2013-07-22 20:00:00+00'", "zoned", newYork, "2013-07-22 20:00:00"},
		{"zoned, NULL", "null::timestamptz", "zoned", "", "NULL"},
		{"naive UTC", "timestamp '2013-07-22 20:00:00.123456'", "naive", "UTC", "2013-07-22 20:00:00.123456"},
		{"naive summer", "timestamp '2013-07-22 20:00:00'", "naive", newYork, "2013-07-23 00:00:00"},
		{"naive winter", "timestamp '2013-01-22 20:00:00'", "naive", newYork, "2013-01-23 01:00:00"},
		{"naive, hour skipped", "timestamp '2024-03-10 02:30:00'", "naive", newYork, "2024-03-10 07:30:00"},
		{"naive, before the skip", "timestamp '2024-03-10 01:59:59.999999'", "naive", newYork, "2024-03-10 06:59:59.999999"},
		{"naive, after the skip", "timestamp '2024-03-10 03:00:00'", "naive", newYork, "2024-03-10 07:00:00"},
		{"naive, hour repeated", "timestamp '2024-11-03 01:30:00'", "naive", newYork, "2024-11-03 06:30:00"},
		{"naive, before the repeat", "timestamp '2024-11-03 00:59:59'", "naive", newYork, "2024-11-03 04:59:59"},
		{"naive, after the repeat", "timestamp '2024-11-03 02:00:00'", "naive", newYork, "2024-11-03 07:00:00"},
		{"nanoseconds", "timestamp_ns '2013-07-22 20:00:00.123456789'", "naive", "UTC", "2013-07-22 20:00:00.123456"},
		{"nanoseconds with zone", "timestamp_ns '2013-07-22 20:00:00.123456789'", "naive", newYork, "2013-07-23 00:00:00.123456"},
		{"milliseconds", "timestamp_ms '2013-07-22 20:00:00.123'", "naive", newYork, "2013-07-23 00:00:00.123"},
		{"seconds", "timestamp_s '2013-07-22 20:00:00'", "naive", "UTC", "2013-07-22 20:00:00"},
		{"before 1970", "timestamp '1969-12-31 23:59:59.5'", "naive", "UTC", "1969-12-31 23:59:59.5"},
		{"before 1970 with zone", "timestamp '1965-07-01 12:00:00.000001'", "naive", newYork, "1965-07-01 16:00:00.000001"},
		{"nanoseconds before 1970", "timestamp_ns '1969-12-31 23:59:58.999999000'", "naive", "UTC", "1969-12-31 23:59:58.999999"},
		{"half an hour", "timestamp '2013-07-22 20:00:00'", "naive", "Asia/Kolkata", "2013-07-22 14:30:00"},
		{"date", "date '2013-07-22'", "date", "UTC", "2013-07-22 00:00:00"},
		{"date in a zone", "date '2013-07-22'", "date", newYork, "2013-07-22 04:00:00"},
		{"date of a skip", "date '2024-03-10'", "date", newYork, "2024-03-10 05:00:00"},
		{"date before 1970", "date '1960-01-01'", "date", newYork, "1960-01-01 05:00:00"},
		{"text Z", "'2013-07-22T20:00:00Z'", "text", "", "2013-07-22 20:00:00"},
		{"text blank Z", "'2013-07-22 20:00:00Z'", "text", "", "2013-07-22 20:00:00"},
		{"text UTC", "'2013-07-22 20:00:00 UTC'", "text", "", "2013-07-22 20:00:00"},
		{"text +hh", "'2013-07-22 20:00:00+02'", "text", "", "2013-07-22 18:00:00"},
		{"text -hhmm", "'2013-07-22T20:00:00-0430'", "text", "", "2013-07-23 00:30:00"},
		{"text +hh:mm", "'2013-07-22T20:00:00+05:30'", "text", "", "2013-07-22 14:30:00"},
		{"text without seconds", "'2013-07-22T20:00+02:00'", "text", "", "2013-07-22 18:00:00"},
		{"text without seconds Z", "'2013-07-22 20:00Z'", "text", "", "2013-07-22 20:00:00"},
		{"text without seconds UTC", "'2013-07-22 20:00 UTC'", "text", "", "2013-07-22 20:00:00"},
		{"text fraction", "'2013-07-22T20:00:00.123456789Z'", "text", "", "2013-07-22 20:00:00.123456"},
		{"text short fraction", "'2013-07-22T20:00:00.5-04:00'", "text", "", "2013-07-23 00:00:00.5"},
		{"text before 1970", "'1969-12-31T23:59:59.25Z'", "text", "", "1969-12-31 23:59:59.25"},
		{"text with offset, zone ignored", "'2013-07-22T20:00:00+00:00'", "text", newYork, "2013-07-22 20:00:00"},
		{"text plain, no zone", "'2013-07-22T20:00:00'", "text", "", "NULL"},
		{"text plain", "'2013-07-22T20:00:00'", "text", newYork, "2013-07-23 00:00:00"},
		{"text plain UTC", "'2013-07-22 20:00'", "text", "UTC", "2013-07-22 20:00:00"},
		{"text plain winter", "'2013-01-22 20:00:00.5'", "text", newYork, "2013-01-23 01:00:00.5"},
		{"text date", "'2013-07-22'", "text", newYork, "2013-07-22 04:00:00"},
		{"text, no such day", "'2013-02-30T20:00:00Z'", "text", "UTC", "NULL"},
		{"text, no such hour", "'2013-02-20T25:00:00Z'", "text", "UTC", "NULL"},
		{"text, no such day, plain", "'2013-02-30'", "text", "UTC", "NULL"},
		{"text, no time", "'soon'", "text", "UTC", "NULL"},
		{"text, infinity", "'infinity'", "text", "UTC", "NULL"},
		{"text, offset too large", "'2013-07-22T20:00:00+25:00'", "text", "UTC", "NULL"},
		{"text, zone name", "'2013-07-22 20:00:00 America/New_York'", "text", "UTC", "NULL"},
		{"text, rubbish behind", "'2013-07-22T20:00:00Z or so'", "text", "UTC", "NULL"},
		{"text, empty", "''", "text", "UTC", "NULL"},
		{"text, NULL", "null::varchar", "text", "UTC", "NULL"},
	}
	for _, tt := range tests {
		rendered, err := utc(clock{`at "x`, tt.form, tt.zone})
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		from := " from (select " + tt.value + ` as "at ""x") as t`
		if got := text(t, db, "select ("+rendered+")::varchar"+from); got != tt.want {
			t.Errorf("%s: %s is %s, want %s", tt.name, tt.value, got, tt.want)
		}
		if got := text(t, db, "select typeof("+rendered+")"+from); got != "TIMESTAMP" {
			t.Errorf("%s: type %s, want TIMESTAMP", tt.name, got)
		}
	}
}

func TestUTCRefuses(t *testing.T) {
	for _, c := range []clock{
		{"", "zoned", ""}, {"at", "zooned", ""}, {"at", "naive", ""}, {"at", "date", ""}, {"at", "naive", "Nowhere"},
		{"at", "text", "x' or true --"}, {"at", "", ""},
	} {
		if got, err := utc(c); err == nil {
			t.Errorf("%+v: %s", c, got)
		}
	}
}

func TestUnzoned(t *testing.T) {
	db := open(t, nil)
	tests := []struct{ value, form, zone, want string }{
		{"'2013-07-22T20:00:00'", "text", "", "true"},
		{"'2013-07-22 20:00'", "text", "", "true"},
		{"'2013-07-22'", "text", "", "true"},
		{"'2013-07-22T20:00:00Z'", "text", "", "false"},
		{"'2013-02-30'", "text", "", "false"},
		{"'soon'", "text", "", "false"},
		{"null::varchar", "text", "", "false"},
		{"'2013-07-22T20:00:00'", "text", "UTC", "false"},
		{"timestamp '2013-07-22 20:00:00'", "naive", "UTC", "false"},
	}
	for _, tt := range tests {
		rendered, err := unzoned(clock{"at", tt.form, tt.zone})
		if err != nil {
			t.Fatal(err)
		}
		if got := text(t, db, "select ("+rendered+")::varchar from (select "+tt.value+" as at) as t"); got != tt.want {
			t.Errorf("%s in zone %q: %s, want %s", tt.value, tt.zone, got, tt.want)
		}
	}
}

func TestKeyOfInstants(t *testing.T) {
	db := open(t, nil)
	rendered, err := key("at", "TIMESTAMP")
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{
		"timestamptz '1969-07-22 20:00:00.5-04:00'", "timestamp '1969-07-23 00:00:00.5'", "timestamp_ns '1969-07-23 00:00:00.5'",
		"timestamp_ms '1969-07-23 00:00:00.5'",
	} {
		got := text(t, db, "select ("+rendered+")::varchar from (select "+value+" as at) as t")
		if !strings.HasPrefix(got, "1969-07-23 00:00:00.5") {
			t.Errorf("%s: %s", value, got)
		}
	}
}
