package objectstore

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// bucket is a server of one bucket, "lake", of objects by name.
func bucket(t *testing.T, objects map[string]string) *Access {
	t.Helper()
	type entry struct {
		Key  string
		Size int
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Authorization"), "Credential=key/") {
			t.Errorf("%s %s is not signed with the key", r.Method, r.URL)
		}
		name := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/lake"), "/")
		if name == "" {
			list := struct {
				XMLName  xml.Name `xml:"ListBucketResult"`
				Contents []entry
			}{}
			for key, content := range objects {
				if strings.HasPrefix(key, r.URL.Query().Get("prefix")) {
					list.Contents = append(list.Contents, entry{key, len(content)})
				}
			}
			if err := xml.NewEncoder(w).Encode(list); err != nil {
				t.Error(err)
			}
			return
		}
		content, ok := objects[name]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		http.ServeContent(w, r, "", time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), strings.NewReader(content))
	}))
	t.Cleanup(server.Close)
	access, err := FromEnvironment("s3", func(name string) string {
		return map[string]string{"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_ENDPOINT_URL": server.URL}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	return access
}

// A path is an object, all below a folder, or a pattern; what writers leave beside data is passed over.
func TestFind(t *testing.T) {
	objects := map[string]string{}
	for _, name := range []string{"p/a.parquet", "p/b.parquet", "p/2024/c.parquet", "p/_SUCCESS", "p/.part/d.parquet", "p/_year=2024/e.parquet", "pq/f.parquet", "p/x[1].parquet", "g.parquet"} {
		objects[name] = name
	}
	access := bucket(t, objects)
	for declared, want := range map[string]string{
		"s3://lake/p":                "p/2024/c.parquet p/_year=2024/e.parquet p/a.parquet p/b.parquet p/x[1].parquet",
		"s3://lake/p/":               "p/2024/c.parquet p/_year=2024/e.parquet p/a.parquet p/b.parquet p/x[1].parquet",
		"s3://lake/p/a.parquet":      "p/a.parquet",
		"s3://lake/p/*.parquet":      "p/a.parquet p/b.parquet p/x[1].parquet",
		"s3://lake/p/[!a].parquet":   "p/b.parquet",
		"s3://lake/p/?.parquet":      "p/a.parquet p/b.parquet",
		"s3://lake/**/*.parquet":     "g.parquet p/2024/c.parquet p/_year=2024/e.parquet p/a.parquet p/b.parquet p/x[1].parquet pq/f.parquet",
		"s3://lake/p/20*/c.parquet":  "p/2024/c.parquet",
		"s3://lake/nothing/here":     "",
		"s3://lake/p/a.parquet.copy": "",
	} {
		found, err := access.Find(t.Context(), declared)
		var names []string
		for _, o := range found {
			names = append(names, strings.TrimPrefix(o.Path, "s3://lake/"))
			if int(o.Size) != len(names[len(names)-1]) {
				t.Errorf("%s has %d bytes", o.Path, o.Size)
			}
		}
		slices.Sort(names)
		if got := strings.Join(names, " "); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", declared, got, err, want)
		}
	}
	for _, bad := range []string{"s3:///p", "s3://lake/p/[a.parquet"} {
		if found, err := access.Find(t.Context(), bad); err == nil {
			t.Errorf("%s: %v", bad, found)
		}
	}
}

func TestOpen(t *testing.T) {
	access := bucket(t, map[string]string{"p/a": "0123456789"})
	object, size, err := access.Open(t.Context(), "s3://lake/p/a")
	if err != nil || size != 10 {
		t.Fatalf("%d bytes, %v", size, err)
	}
	defer object.Close()
	for _, part := range [][2]int{{0, 4}, {6, 4}, {9, 1}} { // the end is no error where all of it is there
		b := make([]byte, part[1])
		if n, err := object.ReadAt(b, int64(part[0])); err != nil || string(b[:n]) != "0123456789"[part[0]:part[0]+part[1]] {
			t.Errorf("%v: %q, %v", part, b[:n], err)
		}
	}
	if n, err := object.ReadAt(make([]byte, 5), 8); err != io.EOF || n != 2 {
		t.Errorf("past the end: %d bytes, %v", n, err)
	}
	if _, _, err := access.Open(t.Context(), "s3://lake/p/b"); err == nil {
		t.Error("an object that is not there was opened")
	}
}

func TestFromEnvironment(t *testing.T) {
	for _, tt := range []struct{ scheme, environment, want string }{
		{"s3", "AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b AWS_REGION=eu-west-1", "s3.amazonaws.com eu-west-1 tls=true path=false a b ''"},
		{"s3", "AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b AWS_SESSION_TOKEN=c AWS_ENDPOINT_URL=http://h:9/", "h:9 us-east-1 tls=false path=true a b 'c'"},
		{"s3", "AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b AWS_ENDPOINT_URL=http://h AWS_ENDPOINT_URL_S3=https://i", "i us-east-1 tls=true path=true a b ''"},
		{"gs", "GCS_ACCESS_KEY_ID=a GCS_SECRET_ACCESS_KEY=b AWS_ENDPOINT_URL=http://h", "storage.googleapis.com auto tls=true path=true a b ''"},
		{"gs", "AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b", "nothing gives access to gs://"},
		{"s3", "AWS_ACCESS_KEY_ID=a", "nothing gives access to s3://"},
		{"s3", "AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b AWS_ENDPOINT_URL=minio:9000", "no URL of a server"},
	} {
		given := map[string]string{}
		for pair := range strings.FieldsSeq(tt.environment) {
			name, value, _ := strings.Cut(pair, "=")
			given[name] = value
		}
		a, err := FromEnvironment(tt.scheme, func(name string) string { return given[name] })
		var got string
		if err != nil {
			got = fault.Text("", err)
		} else {
			got = fmt.Sprintf("%s %s tls=%t path=%t %s %s '%s'", a.Endpoint, a.Region, a.TLS, a.PathStyle, a.Key, a.Secret, a.Token)
		}
		if err == nil && got != tt.want || err != nil && !strings.Contains(got, tt.want) {
			t.Errorf("%s with %s: %s, want %s", tt.scheme, tt.environment, got, tt.want)
		}
	}
}

func TestRoots(t *testing.T) {
	paths := []string{"s3://a/p/*.parquet", "local/o", "gs://b", "s3://a/q", "https://c/d"}
	if got := Roots(paths); !slices.Equal(got, []string{"s3://a/", "gs://b/"}) {
		t.Errorf("roots %q", got)
	}
}
