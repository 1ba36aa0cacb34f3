package plan

import "testing"

func TestKeyKind(t *testing.T) {
	tests := []struct {
		a, b string
		want KeyKind
	}{
		{"TINYINT", "BIGINT", KeyInteger}, {"INTEGER", "UINTEGER", KeyInteger}, {"BIGINT", "UBIGINT", KeyText},
		{"INTEGER", "DECIMAL(9,0)", KeyInteger}, {"INTEGER", "DECIMAL(19,0)", KeyText}, {"INTEGER", "DOUBLE", KeyDouble},
		{"DECIMAL(9,2)", "FLOAT", KeyDouble}, {"VARCHAR", "UUID", KeyText}, {"BLOB", "BLOB", KeyText}, {"VARCHAR", "BIGINT", ""},
		{"DATE", "DATE", KeyDate}, {"DATE", "TIMESTAMP", KeyTime}, {"TIMESTAMP_NS", "TIMESTAMP", KeyTime},
		{"TIMESTAMP WITH TIME ZONE", "TIMESTAMP WITH TIME ZONE", KeyTime}, {"TIMESTAMP WITH TIME ZONE", "DATE", ""},
		{"BOOLEAN", "BOOLEAN", KeyBool}, {"BOOLEAN", "TINYINT", ""}, {"TIME", "TIME", KeyText}, {"NESTED", "NESTED", ""},
		{"DATE", "VARCHAR", ""},
	}
	for _, test := range tests {
		for _, pair := range [][2]string{{test.a, test.b}, {test.b, test.a}} {
			got, ok := keyKind(pair[0], pair[1])
			if got != test.want || ok != (test.want != "") {
				t.Errorf("%s with %s: got %q, want %q", pair[0], pair[1], got, test.want)
			}
		}
	}
}

func TestParseInstant(t *testing.T) {
	tests := []struct{ text, zone, want string }{
		{"2024-01-01T02:00:00+02:00", "America/New_York", "2024-01-01T00:00:00Z"},
		{"2024-01-01T00:00:00", "America/New_York", "2024-01-01T05:00:00Z"},
		{"2024-01-01 00:00:00.5", "", "2024-01-01T00:00:00.5Z"},
		{"2024-01-01", "UTC", "2024-01-01T00:00:00Z"},
		{"noon", "UTC", ""},
	}
	for _, test := range tests {
		at, ok := parseInstant(test.text, test.zone)
		if got := at.UTC().Format("2006-01-02T15:04:05.999999Z07:00"); ok != (test.want != "") || ok && got != test.want {
			t.Errorf("%s in %q: got %s, want %s", test.text, test.zone, got, test.want)
		}
	}
}
