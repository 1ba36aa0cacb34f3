package propose

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

func TestWords(t *testing.T) {
	for name, want := range map[string]string{
		"prediction_id": "prediction id", "eventMetadata.inferenceTime": "event metadata inference time", "HTTPStatus": "http status",
		"__request_id": "request id", "lag1_value": "lag1 value", "Größe in cm": "größe in cm", "": "", "__": "",
	} {
		if got := strings.Join(words(name), " "); got != want {
			t.Errorf("words(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestLookbackOf(t *testing.T) {
	for name, want := range map[string]struct {
		way    string
		length time.Duration
	}{
		"origin_dep_delay_mean_6h":   {"avg", 6 * time.Hour},
		"carrier_arr_delay_mean_7d":  {"avg", 7 * 24 * time.Hour},
		"orders_30day_cnt":           {"count", 30 * 24 * time.Hour},
		"sum_amount_last_15_minutes": {"sum", 15 * time.Minute},
		"distinct_merchants_24h":     {"count_distinct", 24 * time.Hour},
		"max_temp_2w":                {"max", 14 * 24 * time.Hour},
		"temp_f":                     {},
		"feature_12":                 {},
		"h3_index":                   {},
		"v99999999999999d":           {},
	} {
		got, ok := lookbackOf(name)
		if ok != (want.length > 0) || got.length != want.length || ok && got.ways[0] != want.way {
			t.Errorf("lookbackOf(%q) = %v, %t, want %v", name, got, ok, want)
		}
	}
}

func TestRoles(t *testing.T) {
	for _, c := range []struct {
		role  *role
		names []string // in falling order
	}{
		{&idRole, []string{"prediction_id", "id", "flight_id", "score"}},
		{&atRole, []string{"predicted_at", "timestamp", "wx_event_ts", "wx_available_ts"}},
		{&knownRole, []string{"recorded_at", "wx_available_ts", "event_time"}},
		{&scoreRole, []string{"score", "y_pred_proba", "y_pred", "churn_probability", "amount", "score_n"}},
		{&valueRole, []string{"label", "is_late", "arr_delay_min", "flight_id"}},
	} {
		if !slices.IsSortedFunc(c.names, func(a, b string) int { return c.role.fits(b) - c.role.fits(a) }) {
			for _, n := range c.names {
				t.Errorf("%s: %d", n, c.role.fits(n))
			}
		}
	}
}

// FuzzYAML holds names from data against the YAML that they are written in, and comments against line breaks.
func FuzzYAML(f *testing.F) {
	for _, s := range []string{"a", "on", "1", "a: b", "# x", "\"", "\n", "it's", "-", "~", "<script>", "\u202e", "avg(x)", "*a", "{", "a ", "0x1", "1e5", "null", "...", "---", "../a/b.csv", "/", "./", "2013-07-01", "\u2028"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if s != strings.ToValidUTF8(s, "") {
			t.Skip("names are UTF-8")
		}
		var got map[string][]string
		text := yamlName(s) + ": [" + yamlName(s) + "] # " + shown(s) + "\n"
		if err := yaml.Unmarshal([]byte(text), &got); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if len(got) != 1 || len(got[s]) != 1 || got[s][0] != s {
			t.Errorf("%q is read as %q", text, got)
		}
		if strings.ContainsAny(shown(s), "\n\r\u2028\u2029\u202e") {
			t.Errorf("%q is shown as %q", s, shown(s))
		}
	})
}

func TestAtLeast(t *testing.T) {
	for seconds, want := range map[float64]time.Duration{
		0: 5 * time.Minute, 3600: time.Hour, 3601: 2 * time.Hour, 40 * 3600: 48 * time.Hour, 400 * 86400: 400 * 24 * time.Hour, 1e300: 36500 * 24 * time.Hour,
	} {
		if got := atLeast(seconds); got != want {
			t.Errorf("atLeast(%g) = %s, want %s", seconds, got, want)
		}
	}
}
