package migrate

// Severity orders findings. A high finding costs orders on a campaign day.
type Severity string

const (
	SeverityHigh   Severity = "high"
	SeverityMedium Severity = "medium"
	SeverityLow    Severity = "low"
	SeverityInfo   Severity = "info"
)

// Finding is one thing that is wrong, on one subject.
type Finding struct {
	Check    string   `json:"check"` // the check's stable ID, such as "database-single"
	Category string   `json:"category"`
	Severity Severity `json:"severity"`
	Title    string   `json:"title"`
	Subjects []string `json:"subjects"` // server, host or cluster names, sorted
	Evidence []string `json:"evidence"` // what was seen, with its source
	Why      string   `json:"why"`      // why it matters on a campaign day
	Remedy   string   `json:"remedy"`
	Answer   string   `json:"answer"` // what the topology does about it
}
