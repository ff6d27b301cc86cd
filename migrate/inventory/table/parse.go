package table

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// unspaced takes out the marks that can only divide thousands.
var unspaced = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "'", "", "’", "", "_", "")

// ParseNumber reads a number with thousands marks in the English, German,
// French or Swiss way: "49,491.68", "49.491,68", "49 491,68", "49'491.68". Where
// the text alone leaves it open ("1,024", "1.024"), the format decides.
func ParseNumber(s string, f Format) (float64, error) {
	t := unspaced.Replace(strings.TrimSpace(s))
	t = strings.TrimSuffix(t, "%")
	t = strings.ReplaceAll(t, "−", "-")
	comma, dot := strings.LastIndex(t, ","), strings.LastIndex(t, ".")
	decimal := byte('.')
	switch {
	case comma >= 0 && dot >= 0:
		if comma > dot {
			decimal = ','
		}
	case comma >= 0:
		if loneMarkIsDecimal(t, ',', f.DecimalComma) {
			decimal = ','
		}
	case dot >= 0:
		if !loneMarkIsDecimal(t, '.', !f.DecimalComma) {
			decimal = ','
		}
	}
	thousands := ","
	if decimal == ',' {
		thousands = "."
	}
	if !groupsOfThree(t, thousands, decimal) {
		return 0, fmt.Errorf("%s has misplaced thousands marks", Quote(s))
	}
	t = strings.ReplaceAll(t, thousands, "")
	t = strings.Replace(t, ",", ".", 1)
	v, err := strconv.ParseFloat(t, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || strings.ContainsAny(t, "xXpPiInN") {
		return 0, fmt.Errorf("%s is not a number", Quote(s))
	}
	return v, nil
}

// loneMarkIsDecimal tells whether the only kind of mark in t divides the
// fraction. A mark that occurs twice, or (where the format doesn't call for it)
// that has exactly three digits after it, divides thousands.
func loneMarkIsDecimal(t string, mark byte, usual bool) bool {
	if strings.Count(t, string(mark)) > 1 {
		return false
	}
	if usual {
		return true
	}
	at := strings.IndexByte(t, mark)
	head := strings.TrimLeft(t[:at], "+-")
	return len(t)-at-1 != 3 || head == "" || head == "0" || len(head) > 3
}

// groupsOfThree refuses "1,2,3" and "12,34.5", which are lists or damage.
func groupsOfThree(t, thousands string, decimal byte) bool {
	if at := strings.LastIndexByte(t, decimal); at >= 0 {
		t = t[:at]
	}
	parts := strings.Split(strings.TrimLeft(t, "+-"), thousands)
	for i, p := range parts {
		if len(parts) == 1 {
			return true
		}
		if i == 0 && (len(p) == 0 || len(p) > 3) || i > 0 && len(p) != 3 {
			return false
		}
	}
	return true
}

func whole(v float64) (int64, error) {
	r := math.Round(v)
	if math.Abs(r) > 1<<53 {
		return 0, errors.New("is too large")
	}
	return int64(r), nil
}

var truth = map[string]bool{
	"true": true, "yes": true, "y": true, "1": true, "on": true, "enabled": true, "x": true, "wahr": true, "ja": true, "vrai": true, "oui": true,
	"false": false, "no": false, "n": false, "0": false, "off": false, "disabled": false, "falsch": false, "nein": false, "faux": false, "non": false,
}

// ParseBool reads TRUE, True, 1, yes, enabled and the like.
func ParseBool(s string) (bool, error) {
	v, ok := truth[strings.ToLower(strings.TrimSpace(s))]
	if !ok {
		return false, fmt.Errorf("%s is neither yes nor no", Quote(s))
	}
	return v, nil
}

// SplitList takes a cell of several values apart: "a, b; c", "[a,b];", "a|b".
func SplitList(s string) []string {
	var out []string
	for _, p := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",;|\r\n[]\"", r) }) {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// layouts are the ways to write a moment that leave nothing open.
var layouts = []string{
	time.RFC3339Nano,
	"2006-01-02 15:04:05.999999999 -0700 MST", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05-07:00", "2006-01-02 15:04:05 MST",
	"2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02T15:04:05-0700",
	"2006-01-02 15:04:05.999999999", "2006-01-02 15:04", "2006-01-02",
	"2006/01/02 15:04:05", "2006/01/02 15:04", "2006/1/2 15:04:05", "2006/01/02",
	"3:04 PM 2 January 2006", "3:04:05 PM 2 January 2006", "15:04 2 January 2006",
	"2 January 2006 15:04:05", "2 January 2006 15:04", "2 January 2006 3:04 PM", "2 January 2006",
	"2 Jan 2006 15:04:05", "2 Jan 2006", "2-Jan-2006 15:04:05", "2-Jan-2006", "2-Jan-06", "02/Jan/2006:15:04:05 -0700",
	"Jan 2, 2006, 3:04:05 PM", "Jan 2, 2006 3:04:05 PM", "Jan 2, 2006 15:04:05", "Jan 2, 2006", "January 2, 2006 3:04 PM", "January 2, 2006",
	"Monday, January 2, 2006 3:04:05 PM", "Monday, January 2, 2006", "Mon Jan 2 15:04:05 2006", "Mon Jan 2 15:04:05 MST 2006",
	"Mon, 02 Jan 2006 15:04:05 MST", "Mon, 02 Jan 2006 15:04:05 -0700",
	"2.1.2006 15:04:05", "2.1.2006 15:04", "2.1.2006",
}

// The order of day and month in these differs by country.
var (
	clocks     = []string{" 15:04:05", " 15:04", " 3:04:05 PM", " 3:04 PM", ", 3:04:05 PM", ", 15:04:05", ""}
	monthFirst = []string{"1/2/2006", "1-2-2006", "1/2/06"}
	dayFirst   = []string{"2/1/2006", "2-1-2006", "2/1/06"}
)

// ParseTime reads a date or moment. Day numbers of a spreadsheet (between 1954
// and 2100) and seconds or milliseconds since 1970 are known by their size.
// Where day and month could be either, the format decides; where only one order
// gives a date, that one counts. A moment without a zone is UTC.
func ParseTime(s string, f Format) (time.Time, error) {
	s = strings.Join(strings.Fields(strings.TrimSpace(s)), " ")
	s = strings.ReplaceAll(s, "\u202f", " ")
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		if t, ok := numericTime(n, f); ok {
			return t, nil
		}
		return time.Time{}, fmt.Errorf("%s is not a time", Quote(s))
	}
	for _, l := range layouts {
		if t, err := time.Parse(l, s); err == nil {
			return plausible(t, s)
		}
	}
	first, second := monthFirst, dayFirst
	if f.DayFirst {
		first, second = dayFirst, monthFirst
	}
	for _, dates := range [][]string{first, second} {
		for _, d := range dates {
			for _, c := range clocks {
				if t, err := time.Parse(d+c, s); err == nil {
					return plausible(t, s)
				}
			}
		}
	}
	return time.Time{}, fmt.Errorf("%s is not a time that is known here", Quote(s))
}

func plausible(t time.Time, s string) (time.Time, error) {
	if y := t.Year(); y < 1970 || y > 2200 {
		return time.Time{}, fmt.Errorf("%s is not a plausible time", Quote(s))
	}
	return t.UTC(), nil
}

func numericTime(n float64, f Format) (time.Time, bool) {
	switch {
	case n >= 20_000 && n < 73_500:
		return serialDate(n, f.Date1904), true
	case n >= 6e8 && n < 5e9:
		return time.UnixMicro(int64(math.Round(n * 1e6))).UTC(), true
	case n >= 6e11 && n < 5e12:
		return time.UnixMilli(int64(math.Round(n))).UTC(), true
	}
	return time.Time{}, false
}

// serialDate turns a spreadsheet's day number into a moment, rounded to the
// second because the fraction is a binary one.
func serialDate(n float64, from1904 bool) time.Time {
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if from1904 {
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return base.Add(time.Duration(math.Round(n*86_400)) * time.Second)
}
