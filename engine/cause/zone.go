package cause

import (
	"fmt"
	"slices"
	"time"
)

// time.zone_shift: local time read as UTC or the reverse, once or twice. Either event times of the source are off by a UTC
// offset, while rows come in when they came in; or the source is read as of a clock in another zone, which StaleFrom finds as
// a lag or a look ahead and which Name tells from them.

// wholeHours bounds the shifts of event times that are tried: every offset in use, and the sum of two.
const wholeHours = 26

// partHours are the offsets in use that are not whole hours, in minutes.
var partHours = []int{-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765}

// zones are places whose clocks change, one for each way in which they do, and the offsets of the world's populous zones.
var zones = []string{"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage", "America/Halifax",
	"America/St_Johns", "America/Santiago", "Europe/London", "Europe/Paris", "Europe/Athens", "Asia/Jerusalem", "Australia/Sydney",
	"Australia/Adelaide", "Pacific/Auckland"}

// steady are populous zones whose clocks stand.
var steady = []string{"America/Phoenix", "America/Bogota", "America/Sao_Paulo", "America/Mexico_City", "Pacific/Honolulu", "Africa/Lagos", "Africa/Johannesburg", "Africa/Nairobi",
	"Europe/Istanbul", "Europe/Moscow", "Asia/Dubai", "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Bangkok", "Asia/Shanghai", "Asia/Singapore",
	"Asia/Tokyo", "Asia/Seoul", "Australia/Brisbane", "Australia/Perth", "Australia/Darwin"}

func zoneHypotheses(f *Feature, days [2]time.Time) []Hypothesis {
	if f.Static {
		return nil
	}
	var all []Hypothesis
	for _, d := range shifts() {
		h := f.plain(ZoneShift, "event times "+signed(d), 16)
		h.Reading.Shift, h.Clocked = d, f.Known || d < 0
		if d%time.Hour != 0 {
			h.Rank++ // +09:00 is the simpler of it and +08:45
		}
		h.Parameters = map[string]any{"offsets": []string{offset(d)}, "zones": zonesOf([]time.Duration{d}, days)}
		if f.asOf() && f.Known && d > 0 {
			later := h
			later.Key, later.Reading.Passed = h.Key+", once they have passed", true
			all = append(all, later)
		}
		if !f.asOf() || f.Within > 0 { // else the newest row known is the same one, whatever its time is read as
			all = append(all, h)
		}
	}
	for _, name := range zones {
		zone, err := time.LoadLocation(name)
		if err != nil || !turns(zone, days[0].Add(-f.Length-f.Offset-48*time.Hour), days[1].Add(48*time.Hour)) {
			continue
		}
		h := f.plain(ZoneShift, "event times of "+name, 17)
		h.Reading.Zone = name
		all = append(all, h)
		for clock, text := range map[Clock]string{Local: "clock of ", LocalBack: "clock back from "} {
			h := f.plain(ZoneShift, text+name, 18)
			h.Instant = Instant{Clock: clock, Zone: name}
			all = append(all, both(f, []Hypothesis{h})...)
		}
	}
	return all
}

// shifts are the real offsets from UTC and the sums of two, without 0, in order.
func shifts() []time.Duration {
	var all []time.Duration
	for h := -wholeHours; h <= wholeHours; h++ {
		if h != 0 {
			all = append(all, time.Duration(h)*time.Hour)
		}
	}
	for _, m := range partHours {
		all = append(all, time.Duration(m)*time.Minute)
	}
	slices.Sort(all)
	return all
}

// turns tells whether a zone's offset changes in [from, to).
func turns(zone *time.Location, from, to time.Time) bool {
	for at := from; at.Before(to); {
		_, end := at.In(zone).ZoneBounds()
		if end.IsZero() {
			return false
		}
		if end.Before(to) {
			return true
		}
		at = end
	}
	return false
}

// offset writes a UTC offset: -05:00.
func offset(d time.Duration) string {
	sign := '+'
	if d < 0 {
		sign, d = '-', -d
	}
	return fmt.Sprintf("%c%02d:%02d", sign, int(d.Hours()), int(d.Minutes())%60)
}

func signed(d time.Duration) string {
	if d < 0 {
		return spell(d)
	}
	return "+" + spell(d)
}

// offsetAt is a zone's offset from UTC at an instant.
func offsetAt(zone *time.Location, at time.Time) time.Duration {
	_, s := at.In(zone).Zone()
	return time.Duration(s) * time.Second
}

// zonesOf names the zones that have one of the offsets in all of days, [from, to); never nil.
func zonesOf(of []time.Duration, days [2]time.Time) []string {
	names := []string{}
	for _, name := range append(slices.Clone(zones), steady...) {
		zone, err := time.LoadLocation(name)
		if err != nil {
			continue
		}
		fits := true
		for at := days[0]; at.Before(days[1]) && fits; at = at.Add(24 * time.Hour) {
			fits = slices.Contains(of, offsetAt(zone, at))
		}
		if fits {
			names = append(names, name)
		}
	}
	return names
}
