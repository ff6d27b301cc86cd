package guest

// Admin is the back office: the web stack with longer limits, and the one
// server on which the application's cron runs.
type Admin struct {
	Base
	// Size of the server; at least 4096 MiB.
	Size Size
	// PHP sizes the processes.
	PHP PHP
	// Shop says where the application finds what it works with.
	Shop Shop
	// LoadBalancer is the internal one before the server.
	LoadBalancer LoadBalancer
	// Cron jobs; empty means the application's own, every minute.
	Cron []CronJob
	// CronMiB is the memory kept free for cron jobs, in MiB; empty is 1024.
	CronMiB int
}

// CronJob is a command of the application that runs by the clock.
type CronJob struct {
	// Name of the job, a lower-case word.
	Name string
	// OnCalendar is a systemd calendar expression, such as *:0/5.
	OnCalendar string
	// Command and its arguments, run as www-data in the release's folder. The
	// first is an absolute path.
	Command []string
}
