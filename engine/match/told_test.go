package match_test

// told are the cases of what is told of outcomes, one row after another.
var told = []golden{
	{
		name: "histories as of a minute before", predictions: everyKey, outcomes: histories, asOf: "5T09:59", asKnown: "horizon: 2d",
		days: `
			4: predictions 6, matched 3, pending 3, repeated 2, duplicated 1`,
		chosen: `
			a 0.5 matched 0
			b 0.5 pending -
			c 0.5 pending -
			d 0.5 matched 1
			e 0.5 matched 1
			f 0.5 pending -`,
	},
	{
		name: "histories, the latest", predictions: everyKey, outcomes: histories, asOf: "7T00:00", asKnown: "horizon: 2d",
		days: `
			4: predictions 6, matched 5, missing 1, repeated 2, corrected 1, duplicated 1
			5: duplicated 1`,
		chosen: `
			a 0.5 matched 1
			b 0.5 matched 1
			c 0.5 matched 1
			d 0.5 matched 1
			e 0.5 matched 1
			f 0.5 missing -`,
	},
	{
		name: "histories, the first", predictions: everyKey, outcomes: histories, asOf: "7T00:00", asKnown: "horizon: 2d, duplicates: first",
		days: `
			4: predictions 6, matched 5, missing 1, repeated 2, corrected 1, duplicated 1
			5: duplicated 1`,
		chosen: `
			a 0.5 matched 0
			b 0.5 matched 1
			c 0.5 matched 1
			d 0.5 matched 1
			e 0.5 matched 1
			f 0.5 missing -`,
	},
	{
		name: "snapshots, keys withdrawn", predictions: everyKey, outcomes: snapshots, asOf: "6T12:00", asKnown: "horizon: 3d, snapshot: true",
		days: `
			4: predictions 6, matched 3, pending 3, repeated 2, corrected 1, withdrawn 2`,
		chosen: `
			a 0.5 pending -
			b 0.5 matched 1
			c 0.5 matched 1
			d 0.5 pending -
			e 0.5 pending -
			f 0.5 matched 1`,
	},
	{
		name: "snapshots, keys restored", predictions: everyKey, outcomes: snapshots, asOf: "7T12:00", asKnown: "horizon: 3d, snapshot: true",
		days: `
			4: predictions 6, matched 5, missing 1, repeated 4, corrected 2, withdrawn 3`,
		chosen: `
			a 0.5 matched 1
			b 0.5 matched 1
			c 0.5 missing -
			d 0.5 matched 0
			e 0.5 matched 1
			f 0.5 matched 1`,
	},
	{
		name: "keys of two columns", asOf: "7T00:00", maxInvalid: 0.25,
		predictions: `
			a, 4T10:00, 4T10:00, 0.5, x, 1, 1
			b, 4T10:00, 4T10:00, 0.5, x, 2, 1
			c, 4T10:00, 4T10:00, 0.5, y, 1, 1
			d, 4T10:00, 4T10:00, 0.5, x,  , 1   # a key without a part meets nothing
			e, 4T10:00, 4T10:00, 0.5,  , 1, 1
			f, 4T10:00, 4T10:00, 7.5, z, 3, 1   # bad, but z 3 is no orphan
			g, 4T10:00, 4T10:00, 0.5, x, 1, 1   # the key of a`,
		outcomes: `
			x, 1, 1, 4T12:00, 4T12:00
			x, 2, 0, 4T12:00, 4T12:00
			y, 2, 1, 4T12:00, 4T12:00           # an orphan
			z, 3, 1, 4T12:00, 4T12:00
			z, 4,  , 4T12:00, 4T12:00           # not known: no orphan yet
			y, 3, 1, 5T12:00, 5T12:00           # an orphan of the 5th
			x,  , 1, 4T12:00, 4T12:00           # set aside
			 , 1, 1, 4T12:00, 4T12:00           # set aside`,
		days: `
			4: predictions 7, invalid 1, matched 3, missing 3, orphans 1
			5: orphans 1`,
		chosen: `
			a 0.5 matched 1
			b 0.5 matched 0
			c 0.5 missing -
			d 0.5 missing -
			e 0.5 missing -
			g 0.5 matched 1`,
	},
}
