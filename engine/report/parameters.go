package report

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// mostListed is how many entries of a list are named.
const mostListed = 4

// ParameterWords says in plain words what the parameters of a cause mean; "" where there are none.
func ParameterWords(cause string, p map[string]any) string {
	has := func(keys ...string) bool {
		for _, k := range keys {
			if _, ok := p[k]; !ok {
				return false
			}
		}
		return true
	}
	switch {
	case len(p) == 0:
		return ""
	case has("offsets"):
		return zoneWords(p)
	case has("within") && p["lag_s"] == nil:
		return "rows older than may be used were used"
	case has("lag_s"):
		return "read " + seconds(p["lag_s"]) + " behind"
	case has("ahead_s"):
		return "read " + seconds(p["ahead_s"]) + " ahead"
	case has("frozen_at"):
		return "nothing newer was read than what was there at " + Instant(plainValue(p["frozen_at"]))
	case has("refresh"):
		return "refreshed only " + plainValue(p["refresh"])
	case has("length", "offset"):
		return windowWords(p)
	case has("map"):
		return mapWords(p["map"])
	case has("scale"):
		return scaleWords(p)
	case has("after"):
		return "rows are missing that come in later than " + plainValue(p["after"])
	case has("column", "became"):
		return columnWords(p)
	case has("became"):
		return "null and " + plainValue(p["became"]) + " were taken for each other"
	case has("factors"):
		return listWords(p["factors"]) + " times what it should be"
	case has("factor"):
		return plainValue(p["factor"]) + " times what it should be"
	case has("normalise"):
		return "the keys meet again once both sides are written alike (" + plainValue(p["normalise"]) + ")"
	case has("name") && cause == "definition.diverged":
		return "what was served is what the definition " + plainValue(p["name"]) + " gives"
	case has("variant"):
		return "computed as: " + plainValue(p["variant"])
	case has("known"):
		return "rows were used before they were known"
	}
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(p)) {
		parts = append(parts, key+" "+plainValue(p[key]))
	}
	return strings.Join(parts, ", ")
}

func zoneWords(p map[string]any) string {
	text := "clocks apart by " + listWords(p["offsets"])
	if zones := listWords(p["zones"]); zones != "" {
		text += ", as in " + zones
	}
	return text
}

func windowWords(p map[string]any) string {
	text := "a window of " + plainValue(p["length"])
	if offset := plainValue(p["offset"]); offset != "0s" && offset != "null" {
		text += " that ends " + offset + " before"
	}
	if p["align"] != nil {
		text += ", aligned to the " + plainValue(p["align"])
	}
	return text + " was taken"
}

func scaleWords(p map[string]any) string {
	text := "served is " + plainValue(p["scale"]) + " times what it should be"
	switch offset, ok := p["offset"].(float64); {
	case ok && offset < 0:
		text += ", less " + Short(-offset)
	case ok && offset > 0:
		text += ", plus " + Short(offset)
	}
	if p["unit"] != nil {
		text += " (" + plainValue(p["unit"]) + ")"
	}
	return text
}

func columnWords(p map[string]any) string {
	if p["became"] == nil {
		return "column " + plainValue(p["column"]) + " is gone: null or the default is served"
	}
	return plainValue(p["became"]) + " is served in the place of column " + plainValue(p["column"])
}

func mapWords(v any) string {
	m, ok := v.(map[string]any)
	if !ok {
		return plainValue(v)
	}
	var parts []string
	for _, from := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, from+" became "+plainValue(m[from]))
	}
	return listed(parts)
}

func listWords(v any) string {
	list, _ := v.([]any)
	var parts []string
	for _, one := range list {
		parts = append(parts, plainValue(one))
	}
	return listed(parts)
}

func listed(parts []string) string {
	if more := len(parts) - mostListed; more > 0 {
		return strings.Join(parts[:mostListed], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(parts, ", ")
}

// seconds writes a number of seconds as a duration.
func seconds(v any) string {
	n, ok := v.(float64)
	if !ok || n < 0 || n > 1e9 {
		return plainValue(v)
	}
	text := time.Duration(n * float64(time.Second)).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// plainValue writes a parameter's value.
func plainValue(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return v
	case float64:
		return Short(v)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(text)
}
