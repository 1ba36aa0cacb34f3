package openlineage

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// settings are those of a transport, as the standard clients of OpenLineage name them.
type settings struct {
	Type        string // http, file, console or noop
	URL         string
	Endpoint    string
	APIKey      string
	Timeout     time.Duration
	Gzip        bool
	LogFilePath string
	Append      bool

	shown string // the address without its password
}

// Variables of the environment that the standard clients read.
const (
	disabledVariable = "OPENLINEAGE_DISABLED"
	configVariable   = "OPENLINEAGE_CONFIG"
	transport        = "OPENLINEAGE__TRANSPORT"
	part             = "__" // between the levels of a nested setting
)

// keys of a transport, by the path that leads to each in a file or in the names of variables.
var keys = [][]string{
	{"type"}, {"url"}, {"endpoint"}, {"timeout"}, {"compression"}, {"log_file_path"}, {"append"},
	{"auth"}, {"auth", "type"}, {"auth", "apikey"}, {"auth", "api_key"},
}

// settingsOf reads the file that OPENLINEAGE_CONFIG names, else the variables OPENLINEAGE__TRANSPORT..., else OPENLINEAGE_URL and those that
// belong to it. Nil is said where nothing is to be told.
func settingsOf(getenv func(string) string) (*settings, error) {
	if yes, err := strconv.ParseBool(getenv(disabledVariable)); err == nil && yes {
		return nil, nil
	}
	if path := getenv(configVariable); path != "" {
		return settingsIn(path)
	}
	if s, err := settingsFrom(getenv); s != nil || err != nil {
		return s, err
	}
	if url := getenv("OPENLINEAGE_URL"); url != "" {
		return settingsFor(map[string]any{"type": "http", "url": url, "endpoint": getenv("OPENLINEAGE_ENDPOINT"), "auth": map[string]any{"type": "api_key", "apikey": getenv("OPENLINEAGE_API_KEY")}})
	}
	return nil, nil
}

// settingsIn reads a configuration file.
func settingsIn(path string) (*settings, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", configVariable, err)
	}
	var file struct {
		Transport map[string]any `yaml:"transport"`
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("%s: %s: %s", configVariable, path, yaml.FormatError(err, false, false))
	}
	if file.Transport == nil {
		return nil, nil
	}
	return settingsFor(file.Transport)
}

// settingsFrom reads variables; a level may be given as JSON. Deeper names win over it.
func settingsFrom(getenv func(string) string) (*settings, error) {
	all := map[string]any{}
	if whole := getenv(transport); whole != "" {
		given, err := objectOf(transport, whole)
		if err != nil {
			return nil, err
		}
		all = given
	}
	for _, path := range keys {
		name := transport + part + strings.ToUpper(strings.Join(path, part))
		value := getenv(name)
		if value == "" {
			continue
		}
		var v any = value
		if strings.HasPrefix(value, "{") {
			given, err := objectOf(name, value)
			if err != nil {
				return nil, err
			}
			v = given
		}
		if len(path) == 1 {
			all[path[0]] = v
			continue
		}
		nested, _ := all[path[0]].(map[string]any)
		if nested == nil {
			nested = map[string]any{}
		}
		nested[innerKey(path[1])] = v
		all[path[0]] = nested
	}
	if len(all) == 0 {
		return nil, nil
	}
	return settingsFor(all)
}

// objectOf reads a JSON object, with keys as settings have them.
func objectOf(name, text string) (map[string]any, error) {
	var given map[string]any
	if err := json.Unmarshal([]byte(text), &given); err != nil {
		return nil, fmt.Errorf("%s is no JSON object", name) // what it holds may be a key that opens doors: it is not shown
	}
	return plainKeys(given), nil
}

// plainKeys makes keys comparable: lower case, and on the inner level, whose words some write together, without what parts these.
func plainKeys(given map[string]any) map[string]any {
	all := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(given)) {
		value := given[key]
		if nested, ok := value.(map[string]any); ok {
			inner := map[string]any{}
			for _, name := range slices.Sorted(maps.Keys(nested)) {
				inner[innerKey(name)] = nested[name]
			}
			value = inner
		}
		all[strings.ToLower(key)] = value
	}
	return all
}

func innerKey(name string) string { return strings.ReplaceAll(strings.ToLower(name), "_", "") }

// settingsFor reads a transport's keys, whatever their case and whatever type their values have.
func settingsFor(given map[string]any) (*settings, error) {
	all := map[string]string{}
	for key, value := range plainKeys(given) {
		if nested, ok := value.(map[string]any); ok {
			for inner, v := range nested {
				all[key+part+inner] = plain(v)
			}
			continue
		}
		all[key] = plain(value)
	}
	s := &settings{
		Type: strings.ToLower(all["type"]), URL: all["url"], Endpoint: all["endpoint"], LogFilePath: all["log_file_path"],
		APIKey: all["auth"+part+"apikey"], Gzip: strings.EqualFold(all["compression"], "gzip"), Timeout: defaultTimeout,
	}
	if s.Endpoint == "" {
		s.Endpoint = "api/v1/lineage"
	}
	if text := all["timeout"]; text != "" {
		seconds, err := strconv.ParseFloat(text, 64)
		if err != nil || seconds <= 0 || seconds > 3600 {
			return nil, fmt.Errorf("the transport's timeout %q is no number of seconds", text)
		}
		s.Timeout = time.Duration(seconds * float64(time.Second))
	}
	if text := all["append"]; text != "" {
		yes, err := strconv.ParseBool(text)
		if err != nil {
			return nil, fmt.Errorf("the transport's append %q is neither true nor false", text)
		}
		s.Append = yes
	}
	return s, s.check()
}

func plain(value any) string {
	if value == nil {
		return ""
	}
	return strings.TrimSpace(fmt.Sprint(value))
}

func (s *settings) check() error {
	switch s.Type {
	case "http":
		u, err := url.Parse(s.URL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return errors.New("the transport's url is no http or https address")
		}
		s.shown = u.Redacted()
	case "file":
		if s.LogFilePath == "" {
			return errors.New("the transport's log_file_path is not given")
		}
	case "console", "noop":
	default:
		return fmt.Errorf("a transport of type %q is not known here: http, file, console and noop are", s.Type)
	}
	return nil
}
