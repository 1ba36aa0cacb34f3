package intake

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode"

	"github.com/parquet-go/parquet-go/format"
)

// maxZone is how long the name of a time zone may be; the longest of the IANA database has 32 characters.
const maxZone = 64

// zones gives the time zones that a writer notes in a footer: pandas for each column of instants, Spark for the session.
// They are ordered and each is there once. What is not as those writers have it is passed over.
func zones(pairs []format.KeyValue) []string {
	var found []string
	for _, p := range pairs {
		switch p.Key {
		case "pandas":
			var meta struct {
				Columns []struct {
					Metadata json.RawMessage
				}
			}
			if json.Unmarshal([]byte(p.Value), &meta) != nil {
				continue
			}
			for _, c := range meta.Columns {
				var of struct{ Timezone string }
				if len(c.Metadata) > 0 && json.Unmarshal(c.Metadata, &of) == nil {
					found = append(found, of.Timezone)
				}
			}
		case "org.apache.spark.timeZone":
			found = append(found, p.Value)
		}
	}
	found = slices.DeleteFunc(found, func(z string) bool {
		return z == "" || len(z) > maxZone || strings.ContainsFunc(z, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsPrint(r) })
	})
	slices.Sort(found)
	return slices.Compact(found)
}
