package engine

import (
	"testing"
	"testing/fstest"
)

func TestMemoryLimit(t *testing.T) {
	const gib = int64(1) << 30
	meminfo := "MemFree:  1 kB\nMemTotal:       8388608 kB\nSwapTotal: 0 kB\n" // 8 GiB
	tests := []struct {
		name  string
		files map[string]string
		want  int64 // bytes
	}{
		{name: "nothing known", want: 0},
		{name: "ram only", files: map[string]string{"proc/meminfo": meminfo}, want: 8 * gib},
		{name: "meminfo that makes no sense", files: map[string]string{"proc/meminfo": "MemTotal: much kB\n"}, want: 0},
		{
			name: "version 2, own group",
			files: map[string]string{
				"proc/meminfo":                         meminfo,
				"proc/self/cgroup":                     "0::/batch/night\n",
				"sys/fs/cgroup/batch/night/memory.max": "2147483648\n",
			},
			want: 2 * gib,
		},
		{
			name: "version 2, the parent is tighter",
			files: map[string]string{
				"proc/meminfo":                         meminfo,
				"proc/self/cgroup":                     "0::/batch/night\n",
				"sys/fs/cgroup/batch/night/memory.max": "max\n",
				"sys/fs/cgroup/batch/memory.max":       "1073741824\n",
			},
			want: gib,
		},
		{
			name: "version 2, a container sees itself as the root",
			files: map[string]string{
				"proc/meminfo":             meminfo,
				"proc/self/cgroup":         "0::/\n",
				"sys/fs/cgroup/memory.max": "3221225472\n",
			},
			want: 3 * gib,
		},
		{
			name: "version 2, the host's path is not mounted here",
			files: map[string]string{
				"proc/meminfo":             meminfo,
				"proc/self/cgroup":         "0::/../kubepods/pod1/c2\n",
				"sys/fs/cgroup/memory.max": "1073741824\n",
			},
			want: gib,
		},
		{
			name: "version 1",
			files: map[string]string{
				"proc/meminfo":     meminfo,
				"proc/self/cgroup": "5:devices:/\n4:cpu,memory:/docker/abc\n0::/\n",
				"sys/fs/cgroup/memory/docker/abc/memory.limit_in_bytes": "4294967296\n",
				"sys/fs/cgroup/memory/memory.limit_in_bytes":            "9223372036854771712\n",
			},
			want: 4 * gib,
		},
		{
			name: "version 1 without a limit, ram holds",
			files: map[string]string{
				"proc/meminfo":     meminfo,
				"proc/self/cgroup": "4:memory:/\n",
				"sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
			},
			want: 8 * gib,
		},
		{
			name: "a limit above ram does not add ram",
			files: map[string]string{
				"proc/meminfo":             meminfo,
				"proc/self/cgroup":         "0::/\n",
				"sys/fs/cgroup/memory.max": "17179869184\n",
			},
			want: 8 * gib,
		},
		{
			name:  "lines that make no sense",
			files: map[string]string{"proc/meminfo": meminfo, "proc/self/cgroup": "::\nmemory\n\n0:\n"},
			want:  8 * gib,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root := fstest.MapFS{}
			for name, text := range tt.files {
				root[name] = &fstest.MapFile{Data: []byte(text)}
			}
			if got := memoryLimit(root); got != tt.want {
				t.Errorf("memoryLimit = %d bytes, want %d bytes", got, tt.want)
			}
		})
	}
}

func TestMemoryShareOfThisMachine(t *testing.T) {
	all, some := MemoryShare(1), DefaultMemory()
	if some <= 0 || some > all {
		t.Errorf("DefaultMemory = %d bytes of %d bytes", some, all)
	}
}
