// Package objectstore finds the files of inputs in object stores, s3:// and gs://, and reads what they say of themselves. Their rows are read by
// DuckDB's httpfs extension, with the same access.
package objectstore

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/plumbline-data/plumbline/engine/fault"
)

// most is how many objects one path may lead to.
const most = 1_000_000

// roleTimeout is how long a machine's own role is waited for, where no key is given.
const roleTimeout = 5 * time.Second

// Access is how the buckets of a scheme are reached.
type Access struct {
	Scheme             string // "s3" or "gs"
	Endpoint           string // host and port
	Region             string
	TLS, PathStyle     bool
	Key, Secret, Token string
}

// Scope is what the paths of the scheme begin with.
func (a Access) Scope() string { return a.Scheme + "://" }

// SchemeOf is the scheme of a path that this package reads, "" of any other.
func SchemeOf(path string) string {
	scheme, _, ok := strings.Cut(path, "://")
	if ok && (scheme == "s3" || scheme == "gs") {
		return scheme
	}
	return ""
}

// BucketOf is the bucket of a path of such a scheme.
func BucketOf(path string) string {
	_, rest, _ := strings.Cut(path, "://")
	bucket, _, _ := strings.Cut(rest, "/")
	return bucket
}

// FromEnvironment finds the access to a scheme. Of s3: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, else the profile in
// ~/.aws/credentials (AWS_PROFILE), else the machine's role; AWS_REGION; AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL for another server. Of gs, by its
// S3-compatible interface: the HMAC key in GCS_ACCESS_KEY_ID and GCS_SECRET_ACCESS_KEY, and GCS_ENDPOINT_URL.
func FromEnvironment(scheme string, getenv func(string) string) (*Access, error) {
	a := &Access{Scheme: scheme, Endpoint: "s3.amazonaws.com", Region: first(getenv("AWS_REGION"), getenv("AWS_DEFAULT_REGION"), "us-east-1"), TLS: true}
	endpoint := first(getenv("AWS_ENDPOINT_URL_S3"), getenv("AWS_ENDPOINT_URL"))
	if scheme == "gs" {
		a.Endpoint, a.Region, a.PathStyle = "storage.googleapis.com", "auto", true
		endpoint = getenv("GCS_ENDPOINT_URL")
	}
	if endpoint != "" {
		u, err := url.Parse(endpoint)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || strings.Trim(u.Path, "/") != "" {
			return nil, fault.Usage("environment", "write it as https://host or http://host:port", "the endpoint %q of %s:// is no URL of a server", endpoint, scheme)
		}
		a.Endpoint, a.TLS, a.PathStyle = u.Host, u.Scheme == "https", true
	}
	if scheme == "gs" {
		a.Key, a.Secret = getenv("GCS_ACCESS_KEY_ID"), getenv("GCS_SECRET_ACCESS_KEY")
	} else if err := a.signIn(getenv); err != nil {
		return nil, err
	}
	if a.Key == "" || a.Secret == "" {
		return nil, a.unknown(nil)
	}
	return a, nil
}

func first(all ...string) string {
	for _, s := range all {
		if s != "" {
			return s
		}
	}
	return ""
}

// signIn finds the key.
func (a *Access) signIn(getenv func(string) string) error {
	if a.Key, a.Secret, a.Token = getenv("AWS_ACCESS_KEY_ID"), getenv("AWS_SECRET_ACCESS_KEY"), getenv("AWS_SESSION_TOKEN"); a.Key != "" {
		return nil
	}
	client := &http.Client{Timeout: roleTimeout}
	chain := credentials.NewChainCredentials([]credentials.Provider{&credentials.FileAWSCredentials{}, &credentials.IAM{Client: client}})
	value, err := chain.GetWithContext(&credentials.CredContext{Client: client})
	if err != nil {
		return a.unknown(err)
	}
	a.Key, a.Secret, a.Token = value.AccessKeyID, value.SecretAccessKey, value.SessionToken
	return nil
}

func (a *Access) unknown(err error) error {
	fix := "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run where ~/.aws/credentials or the machine's role gives access"
	if a.Scheme == "gs" {
		fix = "make an HMAC key of a service account, and set GCS_ACCESS_KEY_ID and GCS_SECRET_ACCESS_KEY"
	}
	return &fault.Fault{Where: "environment", What: "nothing gives access to " + a.Scheme + "://", Fix: fix, Err: err}
}

// client makes requests of a scheme.
func (a *Access) client() (*minio.Client, error) {
	lookup := minio.BucketLookupAuto
	if a.PathStyle {
		lookup = minio.BucketLookupPath
	}
	return minio.New(a.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(a.Key, a.Secret, a.Token), Secure: a.TLS, Region: a.Region, BucketLookup: lookup})
}

// Object is a file in an object store.
type Object struct {
	Path string // as it is read, with scheme and bucket
	Size int64
}

// Find lists the objects that a path leads to, by name: one object, a glob (with ** for any number of folders), or all below a folder. Names that
// begin with . or _ are passed over, as those of folders are, unless these name a partition (_year=2024).
func (a *Access) Find(ctx context.Context, declared string) ([]Object, error) {
	client, err := a.client()
	if err != nil {
		return nil, err
	}
	bucket := BucketOf(declared)
	key := strings.TrimPrefix(strings.TrimPrefix(declared, a.Scheme+"://"+bucket), "/")
	if bucket == "" {
		return nil, errors.New("no bucket is named")
	}
	prefix, match := key, func(name string) bool {
		return name == key || strings.HasPrefix(name, folderOf(key)) && visible(name[len(folderOf(key)):])
	}
	if i := strings.IndexAny(key, "*?["); i >= 0 {
		pattern, err := patternOf(key)
		if err != nil {
			return nil, err
		}
		prefix, match = key[:i], func(name string) bool {
			return pattern.MatchString(name) && visible(strings.TrimPrefix(name, path.Dir(key[:i]+"x")))
		}
	}
	var found []Object
	for o := range client.ListObjects(ctx, bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		switch {
		case o.Err != nil:
			return nil, fmt.Errorf("bucket %s of %s: %w", bucket, a.Endpoint, o.Err)
		case strings.HasSuffix(o.Key, "/") || !match(o.Key):
		case len(found) == most:
			return nil, fmt.Errorf("more than %d objects", most)
		default:
			found = append(found, Object{Path: a.Scheme + "://" + bucket + "/" + o.Key, Size: o.Size})
		}
	}
	slices.SortFunc(found, func(x, y Object) int { return strings.Compare(x.Path, y.Path) })
	return found, nil
}

// folderOf is what the names of all objects below a folder begin with; "" for a whole bucket.
func folderOf(key string) string {
	if key == "" {
		return ""
	}
	return strings.TrimSuffix(key, "/") + "/"
}

// Hidden tells names that writers use for what is not data, of files and folders: _SUCCESS, _metadata, .crc. A hive folder such as _year=2024 is
// data.
func Hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") && !strings.Contains(name, "=")
}

// visible tells that neither a name nor a folder of it is Hidden.
func visible(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if Hidden(part) {
			return false
		}
	}
	return true
}

// patternOf makes a regular expression of a glob.
func patternOf(glob string) (*regexp.Regexp, error) {
	var b strings.Builder
	b.WriteString("^")
	for i := 0; i < len(glob); i++ {
		switch c := glob[i]; {
		case strings.HasPrefix(glob[i:], "**/"):
			b.WriteString("(?:.*/)?")
			i += 2
		case strings.HasPrefix(glob[i:], "**"):
			b.WriteString(".*")
			i++
		case c == '*':
			b.WriteString("[^/]*")
		case c == '?':
			b.WriteString("[^/]")
		case c == '[':
			end := strings.IndexByte(glob[i:], ']')
			if end < 2 {
				return nil, fmt.Errorf("%q: a [ that does not end", glob)
			}
			class := strings.ReplaceAll(glob[i+1:i+end], `\`, `\\`)
			b.WriteString("[" + strings.Replace(class, "!", "^", 1) + "]")
			i += end
		default:
			b.WriteString(regexp.QuoteMeta(glob[i : i+1]))
		}
	}
	return regexp.Compile(b.String() + "$")
}

// Reader reads parts of an object.
type Reader struct{ object *minio.Object }

// ReadAt is as io.ReaderAt has it; what ends where the object does is whole.
func (r Reader) ReadAt(p []byte, offset int64) (int, error) {
	n, err := r.object.ReadAt(p, offset)
	if n == len(p) {
		err = nil
	}
	return n, err
}

// Close ends reading.
func (r Reader) Close() error { return r.object.Close() }

// Open opens an object to read parts of it, and gives its size.
func (a *Access) Open(ctx context.Context, path string) (*Reader, int64, error) {
	client, err := a.client()
	if err != nil {
		return nil, 0, err
	}
	bucket := BucketOf(path)
	object, err := client.GetObject(ctx, bucket, strings.TrimPrefix(path, a.Scheme+"://"+bucket+"/"), minio.GetObjectOptions{})
	if err != nil {
		return nil, 0, err
	}
	info, err := object.Stat()
	if err != nil {
		return nil, 0, errors.Join(err, object.Close())
	}
	return &Reader{object}, info.Size, nil
}

// Accesses finds the access to each scheme of paths.
func Accesses(paths []string, getenv func(string) string) (all []Access, err error) {
	for _, p := range paths {
		scheme := SchemeOf(p)
		if scheme == "" || slices.ContainsFunc(all, func(a Access) bool { return a.Scheme == scheme }) {
			continue
		}
		a, err := FromEnvironment(scheme, getenv)
		if err != nil {
			return nil, err
		}
		all = append(all, *a)
	}
	return all, nil
}

// Roots lists scheme and bucket of each path that lies in an object store, as DuckDB is allowed to read them.
func Roots(paths []string) (roots []string) {
	for _, p := range paths {
		if root := SchemeOf(p) + "://" + BucketOf(p) + "/"; SchemeOf(p) != "" && !slices.Contains(roots, root) {
			roots = append(roots, root)
		}
	}
	return roots
}
