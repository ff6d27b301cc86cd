package guest

// Deploy is a CI runner that builds and deploys releases. It listens on
// nothing: it asks its CI server for work.
type Deploy struct {
	Base
	// Provider is gitlab or github.
	Provider string
	// URL of the GitLab server, or of the GitHub repository or organisation.
	URL string
	// TokenEnv names the secret with the runner's registration token. GitHub's
	// lives for an hour, so it has to be fresh at the server's first boot.
	TokenEnv string
	// Runner is the runner's program: GitLab's binary for linux-amd64, or
	// GitHub's archive (.tar.gz). Its SHA-256 is needed.
	Runner Download
	// Labels are GitHub's labels; GitLab keeps its tags with the token.
	Labels []string
	// Concurrency is the number of jobs at once on GitLab; empty is 1. GitHub
	// runs one a runner.
	Concurrency int
}
