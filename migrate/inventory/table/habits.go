package table

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// habits are how the numbers and times of a sheet are written, learnt from the
// values that can be read in one way only.
type habits struct {
	cols []habit
	all  habit
}

// habit counts the values that tell something.
type habit struct {
	decimalComma, decimalDot int
	dayFirst, monthFirst     int
}

var (
	// openNumber can be a number of thousands or one with three decimals.
	openNumber = regexp.MustCompile(`^[+-]?[1-9]\d{0,2}([.,])\d{3}%?$`)
	commaIsDot = regexp.MustCompile(`^[+-]?(?:\d+,(?:\d{1,2}|\d{4,})|0,\d{3}|\d{4,},\d{3}|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,})%?$`)
	dotIsDot   = regexp.MustCompile(`^[+-]?(?:\d+\.(?:\d{1,2}|\d{4,})|0\.\d{3}|\d{4,}\.\d{3}|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,})%?$`)
	slashDate  = regexp.MustCompile(`^(\d{1,2})[/-](\d{1,2})(?:[/-]\d{4}|/\d{2})(?:\D|$)`)
)

// learn reads a sheet's rows once more, when the first value is asked for that
// can be read in two ways. A damaged file ends it early: who reads the rows is
// told.
func (s *Sheet) learn() *habits {
	if s.learned != nil {
		return s.learned
	}
	s.learned = &habits{cols: make([]habit, len(s.Header))}
	if s.again == nil {
		return s.learned
	}
	src, done, err := s.again()
	if err != nil {
		return s.learned
	}
	defer done()
	for {
		num, cells, ok, err := src.next()
		if err != nil || !ok {
			return s.learned
		}
		src.notes()
		if num <= s.HeaderRow {
			continue
		}
		for i := range min(len(cells), len(s.Header)) {
			s.learned.cell(i, strings.TrimSpace(cells[i]))
		}
	}
}

func (h *habits) cell(col int, text string) {
	if len(text) < 3 || len(text) > 40 || text[0] > '9' {
		return
	}
	if mayBeDate(text) {
		day, month := dayAndMonth(text)
		h.cols[col].dayFirst, h.all.dayFirst = h.cols[col].dayFirst+day, h.all.dayFirst+day
		h.cols[col].monthFirst, h.all.monthFirst = h.cols[col].monthFirst+month, h.all.monthFirst+month
		return
	}
	const dotsOfAddress = 3
	if !strings.ContainsAny(text, ".,") || strings.Count(text, ".") == dotsOfAddress {
		return
	}
	switch text = unspaced.Replace(text); {
	case commaIsDot.MatchString(text):
		h.cols[col].decimalComma++
		h.all.decimalComma++
	case dotIsDot.MatchString(text):
		h.cols[col].decimalDot++
		h.all.decimalDot++
	}
}

// mayBeDate is a quick look at whether slashDate can match.
func mayBeDate(text string) bool {
	at := strings.IndexAny(text[:min(3, len(text))], "/-")
	return at == 1 || at == 2
}

// dayAndMonth gives 1 for the order that a date must be in; 0 and 0 where it
// may be in either, or is no such date.
func dayAndMonth(text string) (dayFirst, monthFirst int) {
	m := slashDate.FindStringSubmatch(text)
	if m == nil {
		return 0, 0
	}
	a, _ := strconv.Atoi(m[1])
	b, _ := strconv.Atoi(m[2])
	switch {
	case a > 12 && a <= 31 && b <= 12:
		return 1, 0
	case b > 12 && b <= 31 && a <= 12:
		return 0, 1
	}
	return 0, 0
}

// EitherOrder says whether a date could have its day first as well as its month
// and would be another one then.
func EitherOrder(text string) bool {
	text = strings.TrimSpace(text)
	if !mayBeDate(text) {
		return false
	}
	m := slashDate.FindStringSubmatch(text)
	if m == nil || strings.TrimLeft(m[1], "0") == strings.TrimLeft(m[2], "0") {
		return false
	}
	day, month := dayAndMonth(text)
	return day+month == 0
}

// numberFormat says how a cell's number is to be read. A single mark before
// three digits divides thousands unless the column tells otherwise; a dot does
// so only where commas divide decimals, as in text parted by semicolons.
func (r Row) numberFormat(c Col, text string) Format {
	if !strings.ContainsAny(text, ".,") {
		return Format{}
	}
	m := openNumber.FindStringSubmatch(unspaced.Replace(text))
	if m == nil || r.sheet == nil || c < 0 || int(c) >= len(r.sheet.Header) {
		return Format{}
	}
	s := r.sheet
	h := s.learn()
	if own := h.cols[c]; own.decimalComma != own.decimalDot {
		return Format{DecimalComma: own.decimalComma > own.decimalDot}
	}
	commas, dots := h.all.decimalComma > h.all.decimalDot, h.all.decimalDot > h.all.decimalComma
	var f Format
	doubt := s.separator != ',' && !dots
	if m[1] == "." {
		f.DecimalComma = s.separator != ',' && (commas || s.separator == ';' && !dots)
		doubt = f.DecimalComma && !commas
	}
	if doubt {
		r.once(c, fmt.Sprintf("nothing tells whether %q divides thousands or decimals in this column; taken for thousands: write numbers without marks for thousands", m[1]))
	}
	return f
}

// timeFormat says how a cell's moment is to be read: in the order that the
// column tells, else the sheet, else the one that is usual where such files
// come from.
func (r Row) timeFormat(c Col, text string) Format {
	var f Format
	if r.sheet == nil {
		return f
	}
	f.Date1904 = r.sheet.Date1904
	if !EitherOrder(text) || c < 0 || int(c) >= len(r.sheet.Header) {
		return f
	}
	h := r.sheet.learn()
	own := h.cols[c]
	switch {
	case own.dayFirst > 0 && own.monthFirst > 0:
		f.DayFirst = own.dayFirst > own.monthFirst
		r.warnOrder(c, text, f, "the column has dates in both orders")
	case own.dayFirst+own.monthFirst > 0:
		f.DayFirst = own.dayFirst > 0
	case (h.all.dayFirst > 0) != (h.all.monthFirst > 0):
		f.DayFirst = h.all.dayFirst > 0
	default:
		f.DayFirst = r.sheet.separator == ';' || h.all.decimalComma > h.all.decimalDot
		r.warnOrder(c, text, f, "no value of the column tells")
	}
	return f
}

// warnOrder tells the order once a column, by the example of a value.
func (r Row) warnOrder(c Col, text string, f Format, why string) {
	key := Letter(int(c)) + why
	if r.sheet.tally == nil || r.sheet.said[key] {
		return
	}
	t, err := ParseTime(text, f)
	if err != nil {
		return
	}
	r.sheet.said[key] = true
	order := "month first"
	if f.DayFirst {
		order = "day first"
	}
	r.sheet.tally.WarnAlways(r.Place(c, fmt.Sprintf("dates are taken %s, since %s: %s is %s; if that is wrong, write it as %s",
		order, why, Quote(text), t.Format("2 January 2006"), otherOrder(text, f))))
}

// otherOrder is a date as ISO 8601 has it, were it in the other order.
func otherOrder(text string, f Format) string {
	f.DayFirst = !f.DayFirst
	t, err := ParseTime(text, f)
	if err != nil {
		return "2006-01-31"
	}
	return t.Format(time.DateOnly)
}
