package migrate

import "time"

// What a measurement has to hold to be judged by. Its coverage alone doesn't
// tell: one sample covers all of its own moment.
const (
	// LeastMeasured is a day: a shorter look misses the busy hour or the
	// night's backup.
	LeastMeasured = 24 * time.Hour
	// LeastSamples are those of a day at a step of two hours, the coarsest for
	// which a vCenter keeps the month before.
	LeastSamples = 12
	// WholeRhythm is a week: weekends and weekly jobs differ from other days.
	// What does nothing in less may have its day still to come.
	WholeRhythm = 7 * 24 * time.Hour
)

// Length is how long a measure was taken: from its server's first sample to the
// last and one step more, since a sample stands for the step that it ends. Half
// another step keeps a clock's jitter from costing a day.
func (u *Use) Length(m *Measure) time.Duration {
	span := u.To.Sub(u.From)
	steps := float64(m.Samples) - 1
	if m.Coverage > 0 {
		steps = float64(m.Samples)/m.Coverage - 1
	}
	if span <= 0 || steps < 1 {
		return max(span, 0)
	}
	return span + time.Duration(1.5*float64(span)/steps)
}

// Measured says whether a measure holds enough to size and judge by, where its
// samples have to cover at least minCoverage of the period, a share.
func (u *Use) Measured(m *Measure, minCoverage float64) bool {
	return u != nil && m != nil && m.Samples >= LeastSamples && m.Coverage >= minCoverage && u.Length(m) >= LeastMeasured
}

// MeasuredRhythm says whether a measure also saw a whole week.
func (u *Use) MeasuredRhythm(m *Measure, minCoverage float64) bool {
	return u.Measured(m, minCoverage) && u.Length(m) >= WholeRhythm
}
