package lineage

import "testing"

func TestMatches(t *testing.T) {
	tests := []struct {
		declared, namespace, name string
		want                      bool
	}{
		{"weather.parquet", "file", "/data/weather.parquet", true},
		{"weather.parquet", "file", "weather.parquet", true},
		{"weather.parquet", "file", "/data/old_weather.parquet", false},
		{"weather.parquet", "file://host", "/data/weather.parquet", true},
		{"weather.parquet", "file", "file:///data/weather.parquet", true},
		{"weather.parquet", "", "file://host/data/weather.parquet", true},
		{"weather.parquet", "s3://b", "weather.parquet", false},
		{"lake/weather.parquet", "file", "weather.parquet", true},
		{"/data/lake/weather.parquet", "file", "lake/weather.parquet", true},
		{"/data/lake/weather.parquet", "file", "/lake/weather.parquet", false},
		{"/data/lake/weather.parquet", "file", "/data/lake//./weather.parquet/", true},
		{"../lake/weather.parquet", "file", "/data/lake/weather.parquet", true},
		{"./lake/weather.parquet", "file", "/data/lake/weather.parquet", true},
		{"lake/weather", "file", "/data/lake/weather/dt=2024-01-01", true},
		{"lake/weather", "file", "/data/lake/weather/dt=2024-01-01/part-0.parquet", true},
		{"lake/weather/", "file", "/data/lake/weather/part-0.parquet", true},
		{"lake/weather", "file", "/data/lake/weather/_delta_log", false},
		{"lake/weather", "file", "/data/lake/weather_old/part-0.parquet", false},
		{"lake/weather/*.parquet", "file", "/data/lake/weather", true},
		{"lake/weather/*.parquet", "file", "/data/lake/weather/a.parquet", true},
		{"lake/weather/*.parquet", "file", "/data/lake/weather/a.csv", false},
		{"lake/weather/*.parquet", "file", "lake/weather/*.parquet", true},
		{"lake/weather_*.parquet", "file", "/data/lake/weather_1.parquet", true},
		{"lake/weather_*.parquet", "file", "/data/lake/flights_1.parquet", false},
		{"lake/**/x.parquet", "file", "/data/lake/a/b/x.parquet", true},
		{"lake/**/x.parquet", "file", "/data/lake/x.parquet", true},
		{"/lake/**/x.parquet", "file", "/data/lake/x.parquet", false},
		{"lake/weather/dt=*/x.parquet", "file", "/data/lake/weather", true},
		{"*.parquet", "file", "/data", false},
		{"*.parquet", "file", "/data/x.parquet", true},
		{".", "file", "/data", false},
		{"s3://b/k/weather/", "s3a://b", "k/weather", true},
		{"s3a://b/k/weather", "s3n://b", "/k/weather/", true},
		{"s3://b/k/weather", "S3://b", "k/weather", true},
		{"s3://b/k/weather", "s3://c", "k/weather", false},
		{"s3://b/k/weather", "s3://b", "x/k/weather", false},
		{"s3://b/k/weather/*.parquet", "s3://b", "k/weather/dt=1/a.parquet", true},
		{"gs://b/k", "gcs://b", "k", true},
		{"abfss://c@s.dfs.core.windows.net/k", "abfss://c@s.dfs.core.windows.net", "/k", true},
		{"hdfs://h:8020/k", "hdfs://h:8020", "/k", true},
		{"s3://b/k", "", "s3://b/k", true},
		{"s3://b/k", "s3://b", "s3://b/k", true},
		{"table:raw.weather", "postgres://h:5432", "db.raw.weather", true},
		{"table:catalog.raw.weather", "hive://m:9083", "raw.weather", true},
		{"table:RAW.WEATHER", "snowflake://o-a", "db.raw.weather", true},
		{"table:raw.weather", "postgres://h:5432", "db.old.weather", false},
		{`table:"raw"."weather"`, "bigquery", "p.raw.weather", true},
		{"table:raw.weather", "arn:aws:glue:eu-west-1:1", "table/raw/weather", true},
		{"table:weather", "file", "/data/weather", false},
		{"raw.weather", "postgres://h:5432", "raw.weather", false},
		{"table:", "postgres://h:5432", "raw.weather", false},
	}
	for _, test := range tests {
		target := readDeclared(test.declared)
		if got := target.matches(dataset(test.namespace, test.name)); got != test.want {
			t.Errorf("%s is %s %s: got %t, want %t", test.declared, test.namespace, test.name, got, test.want)
		}
	}
}

func TestIsJob(t *testing.T) {
	tests := []struct {
		job, namespace, name, ns string
		want                     bool
	}{
		{"weather", "", "weather", "prod", true},
		{"weather", "", "etl.weather", "", true},
		{"etl.weather", "prod", "etl.weather", "prod", true},
		{"etl.weather", "prod", "etl.weather", "test", false},
		{"etl.weather", "prod", "etl.weather", "", true},
		{"weather", "", "etl.old_weather", "", false},
		{"Weather", "", "etl.weather", "", false},
		{"etl", "", "etl.weather", "", false},
		{"a.b", "", "x.a.b", "", false},
		{"", "", "etl.", "", false},
		{"", "", "", "", false},
	}
	for _, test := range tests {
		if got := isJob(test.job, test.namespace, jobName{test.ns, test.name}); got != test.want {
			t.Errorf("%s/%s is %s/%s: got %t, want %t", test.namespace, test.job, test.ns, test.name, got, test.want)
		}
	}
}

func TestDeclared(t *testing.T) {
	for _, test := range [][3]string{{"a.parquet", "", "a.parquet"}, {"", "db.t", "table:db.t"}, {"", "", ""}} {
		if got := Declared(test[0], test[1]); got != test[2] {
			t.Errorf("got %q, want %q", got, test[2])
		}
	}
}

func TestTidy(t *testing.T) {
	tests := []struct {
		in   string
		n    int
		want string
	}{
		{"a\nb\t c", 20, "a b c"},
		{"\x1b[31mred\u202e\xff\x00", 20, "[31mred"},
		{"ab://user:pass@host/x", 20, "ab://host/x"},
		{"äöüäöü", 4, "äöü…"},
		{"äöüä", 4, "äöüä"},
		{"", 4, ""},
	}
	for _, test := range tests {
		if got := tidy(test.in, test.n); got != test.want {
			t.Errorf("%q to %d: got %q, want %q", test.in, test.n, got, test.want)
		}
	}
}
