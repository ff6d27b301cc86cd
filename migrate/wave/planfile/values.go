package planfile

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Date is a day of the calendar, without a time zone of its own.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads 2026-09-03.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, strings.TrimSpace(s))
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a date such as 2026-09-03", s)
	}
	return DateOf(t), nil
}

// DateOf is the day of t in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// IsZero tells a date that was not given.
func (d Date) IsZero() bool { return d == Date{} }

// At is the moment of clock on the day, in the location.
func (d Date) At(clock Clock, l *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, int(clock), 0, 0, l)
}

// Add moves the date by days.
func (d Date) Add(days int) Date {
	return DateOf(time.Date(d.Year, d.Month, d.Day+days, 12, 0, 0, 0, time.UTC))
}

// Before orders dates.
func (d Date) Before(e Date) bool { return d.number() < e.number() }

func (d Date) number() int { return d.Year*10000 + int(d.Month)*100 + d.Day }

func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// MarshalYAML writes the date as its reader takes it.
func (d Date) MarshalYAML() (any, error) { return d.String(), nil }

// Clock is minutes after midnight.
type Clock int

// ParseClock reads 01:30.
func ParseClock(s string) (Clock, error) {
	t, err := time.Parse("15:04", strings.TrimSpace(s))
	if err != nil {
		return 0, fmt.Errorf("%q is not a time of day such as 01:30 (write it in quotes)", s)
	}
	return Clock(t.Hour()*60 + t.Minute()), nil
}

func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// MarshalYAML writes the clock as its reader takes it.
func (c Clock) MarshalYAML() (any, error) { return c.String(), nil }

// Weekday is a day of the week.
type Weekday time.Weekday

func parseWeekday(s string) (Weekday, error) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.EqualFold(s, d.String()) || len(s) == 3 && strings.EqualFold(s, d.String()[:3]) {
			return Weekday(d), nil
		}
	}
	return 0, fmt.Errorf("%q is not a day of the week such as thursday", s)
}

func (w Weekday) String() string { return strings.ToLower(time.Weekday(w).String()) }

// MarshalYAML writes the day as its reader takes it.
func (w Weekday) MarshalYAML() (any, error) { return w.String(), nil }

// Span is a length of time in minutes, written 90m, 4h, 7d or 2w.
type Span int

// ParseSpan reads a span.
func ParseSpan(s string) (Span, error) {
	units := map[byte]float64{'m': 1, 'h': 60, 'd': 24 * 60, 'w': 7 * 24 * 60}
	text := strings.TrimSpace(s)
	if text == "" {
		return 0, fmt.Errorf("a span is empty: write one such as 4h or 7d")
	}
	unit, ok := units[text[len(text)-1]]
	n, err := strconv.ParseFloat(text[:len(text)-1], 64)
	if !ok || err != nil || n < 0 || n*unit > 100*366*24*60 {
		return 0, fmt.Errorf("%q is not a span such as 90m, 4h, 7d or 2w", s)
	}
	return Span(n * unit), nil
}

// Duration is the span as Go's own type.
func (s Span) Duration() time.Duration { return time.Duration(s) * time.Minute }

// Days is the span in days.
func (s Span) Days() float64 { return float64(s) / (24 * 60) }

func (s Span) String() string {
	switch {
	case s != 0 && s%(24*60) == 0:
		return fmt.Sprintf("%dd", s/(24*60))
	case s%60 == 0:
		return fmt.Sprintf("%dh", s/60)
	}
	return fmt.Sprintf("%dm", s)
}

// MarshalYAML writes the span as its reader takes it.
func (s Span) MarshalYAML() (any, error) { return s.String(), nil }

func parseSeverity(v any) (Severity, error) {
	switch x := v.(type) {
	case string:
		switch strings.ToLower(strings.TrimSpace(x)) {
		case "hard":
			return Severity{Hard: true}, nil
		case "off":
			return Severity{}, nil
		}
		if n, err := strconv.ParseFloat(x, 64); err == nil {
			return Severity{Weight: n}, nil
		}
	case bool: // YAML 1.1 reads off as false
		if !x {
			return Severity{}, nil
		}
	case int:
		return Severity{Weight: float64(x)}, nil
	case float64:
		return Severity{Weight: x}, nil
	}
	return Severity{}, fmt.Errorf("%v is not hard, off or a weight in GB·days", v)
}

// Name is the severity's word in a report.
func (s Severity) Name() string {
	switch {
	case s.Hard:
		return "hard"
	case s.Weight > 0:
		return "weighted"
	}
	return "off"
}

// Off tells that the condition is not looked at.
func (s Severity) Off() bool { return !s.Hard && s.Weight == 0 }

// MarshalYAML writes the severity as its reader takes it.
func (s Severity) MarshalYAML() (any, error) {
	if s.Hard {
		return "hard", nil
	}
	if s.Weight == 0 {
		return "off", nil
	}
	return s.Weight, nil
}

// decodeValue is the decoder's hook for the types of this file.
func decodeValue(_, to reflect.Type, v any) (any, error) {
	text, isText := v.(string)
	switch to {
	case reflect.TypeFor[Date]():
		if t, ok := v.(time.Time); ok {
			return DateOf(t), nil
		}
		return parseText(isText, text, v, ParseDate)
	case reflect.TypeFor[Clock]():
		return parseText(isText, text, v, ParseClock)
	case reflect.TypeFor[Span]():
		return parseText(isText, text, v, ParseSpan)
	case reflect.TypeFor[Weekday]():
		return parseText(isText, text, v, parseWeekday)
	case reflect.TypeFor[Severity]():
		return parseSeverity(v)
	}
	return v, nil
}

func parseText[T any](isText bool, text string, v any, parse func(string) (T, error)) (any, error) {
	if !isText {
		if already, ok := v.(T); ok {
			return already, nil
		}
		text = fmt.Sprint(v)
	}
	return parse(text)
}
