package loop

import "time"

// window reads the time that an aggregate looks back over; nil when the key is absent.
func (m mapping) window() *Window {
	c, ok := m.get("window")
	if !ok {
		return nil
	}
	if _, isText := c.scalar(); isText {
		return &Window{Length: c.duration(1, "6h")}
	}
	s, ok := c.section("length", "offset", "align")
	if !ok {
		return nil
	}
	w := &Window{}
	if length, ok := s.need("length", `write "window: 6h", or "window: {length: 7d, offset: 1d, align: day}"`); ok {
		w.Length = length.duration(1, "7d")
	}
	if offset, ok := s.get("offset"); ok {
		w.Offset = offset.duration(0, "1d")
	}
	w.Align = choice(s, "align", "", "hour", "day", "week")
	if w.Offset > 0 && w.Length > time.Duration(1<<63-1)-w.Offset {
		c.fail("write a shorter window", "length and offset together are longer than 292 years")
	}
	return w
}
