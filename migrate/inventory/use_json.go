package inventory

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/storefront-toolkit/storefront/migrate/inventory/table"
)

// mostJSON is the largest JSON document that is read in one piece.
const mostJSON = 1 << 30

// readJSON decodes a JSON input, saying where it is broken.
func readJSON(in Input, into any) error {
	f, err := openText(in)
	if err != nil {
		return err
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, mostJSON+1))
	switch {
	case err != nil:
		return lineError(in, 0, err)
	case len(raw) > mostJSON:
		return fmt.Errorf("read %s: larger than %d bytes: ask for a shorter period", in.Name, mostJSON)
	}
	err = json.Unmarshal(raw, into)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		line := 1 + strings.Count(string(raw[:min(int(syntax.Offset), len(raw))]), "\n")
		if int(syntax.Offset) >= len(raw) {
			return fmt.Errorf("read %s: line %d: the JSON ends in the middle: the file is cut off", in.Name, line)
		}
		return fmt.Errorf("read %s: line %d: not JSON: %w", in.Name, line, err)
	}
	if err != nil {
		return fmt.Errorf("read %s: not the JSON that was expected: %w", in.Name, err)
	}
	return nil
}

// jsonTime reads a moment given as text or as seconds since 1970.
func jsonTime(raw json.RawMessage) (time.Time, bool) {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		s = string(raw)
	}
	t, err := table.ParseTime(s, table.Format{})
	return t, err == nil
}

// promValue reads Prometheus' values, which are text: "0.25", "NaN", "+Inf".
func promValue(raw json.RawMessage) (float64, bool) {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		s = string(raw)
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}
