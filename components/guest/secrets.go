package guest

import (
	"regexp"
	"strings"
)

// Secret is one value that the role's programs find in their environment, from
// /etc/storefront/secrets.env, which only root can read. Exactly one of AWS
// and Value is set.
type Secret struct {
	// Env is the variable's name in upper case.
	Env string
	// AWS makes the server fetch the value at boot and every quarter of an
	// hour after that, so that a rotation is followed.
	AWS *AWSSecret
	// Value puts the value into the document, which is secret from then on.
	Value string
}

// AWSSecret names a secret of AWS Secrets Manager.
type AWSSecret struct {
	// ARN of the secret.
	ARN string
	// JSONKey is the key of the value where the secret is a JSON object; empty
	// takes the whole string.
	JSONKey string
	// Region of the secret; empty means the server's.
	Region string
}

var (
	secretARN = regexp.MustCompile(`^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@!-]+$`)
	// What a shell, the dynamic loader or systemd would act upon.
	reservedEnv = regexp.MustCompile(`^(LD_.*|PATH|IFS|ENV|BASH.*|SHELL.*|HOME|USER|PS[0-9]|PYTHON.*|PHP_.*|AWS_.*|NOTIFY_SOCKET)$`)
	jsonKey     = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)
)

func checkSecrets(p problems, secrets []Secret, cloud *AWS) {
	seen := map[string]string{}
	for i, s := range secrets {
		p := p.index(i)
		if !envName.MatchString(s.Env) || reservedEnv.MatchString(s.Env) {
			p.at("env").add("%q is no variable name; give upper-case letters, digits and underscores, and none that a shell or loader reads", s.Env)
		}
		p.at("env").unique(seen, s.Env)
		switch {
		case s.AWS != nil && s.Value != "":
			p.add("has a value and an AWS secret; give one of them")
		case s.AWS == nil:
			checkSecretValue(p.at("value"), s.Value)
		case cloud == nil:
			p.at("aws").add("needs the cloud settings: without an instance role it can't be fetched")
		default:
			s.AWS.check(p.at("aws"))
		}
	}
}

// checkSecretValue never repeats the value in what it says.
func checkSecretValue(p problems, value string) {
	if len(value) < 8 {
		p.add("has fewer than 8 characters; give a generated secret")
	}
	if value != "" {
		p.text(value)
	}
}

func (a AWSSecret) check(p problems) {
	if !secretARN.MatchString(a.ARN) {
		p.at("arn").add("%q is no ARN of AWS Secrets Manager", a.ARN)
	}
	if a.JSONKey != "" && !jsonKey.MatchString(a.JSONKey) {
		p.at("jsonKey").add("%q is no key", a.JSONKey)
	}
	if a.Region != "" && !region.MatchString(a.Region) {
		p.at("region").add("%q is no AWS region", a.Region)
	}
}

// needSecret reports a variable that the role reads and nobody gives.
func (b Base) needSecret(p problems, env string) {
	for _, s := range b.Secrets {
		if s.Env == env {
			return
		}
	}
	p.add("names the variable %q, which is none of the secrets; add a secret with that env", env)
}

var envEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`, "`", "\\`")

// envLine is a line that systemd's EnvironmentFile and a POSIX shell read
// alike: inside double quotes both take a backslash before these four
// characters away, and nothing else is special.
func envLine(name, value string) string {
	return name + `="` + envEscapes.Replace(value) + "\"\n"
}

// secretModel is what the fetching script is rendered from.
type secretModel struct {
	Fetched []fetchedSecret
	Values  bool
	Restart []string
}

type fetchedSecret struct{ Env, ARN, JSONKey, Region string }

// addSecrets lays the secrets file, or what makes it at boot. The units in
// restart read it, and are restarted when a rotation changed it.
func (c *config) addSecrets(b Base, restart []string) {
	var static strings.Builder
	var m secretModel
	for _, s := range b.Secrets {
		if s.AWS == nil {
			static.WriteString(envLine(s.Env, s.Value))
			continue
		}
		m.Fetched = append(m.Fetched, fetchedSecret{s.Env, s.AWS.ARN, s.AWS.JSONKey, orElse(s.AWS.Region, b.Cloud.Region)})
	}
	if len(m.Fetched) == 0 {
		c.secretFile("/etc/storefront/secrets.env", static.String())
		return
	}
	m.Values = static.Len() > 0
	if m.Values {
		c.secretFile("/etc/storefront/secrets.values", static.String())
	}
	m.Restart = restart
	c.pkg("awscli", "jq")
	c.script("/usr/local/sbin/storefront-secrets", "secrets.sh", m)
	c.render("/etc/systemd/system/storefront-secrets.service", "secrets.service", m)
	c.render("/etc/systemd/system/storefront-secrets-refresh.service", "secrets-refresh.service", m)
	c.render("/etc/systemd/system/storefront-secrets-refresh.timer", "secrets-refresh.timer", m)
	c.setup.SecretsFetched = true
	c.enable("storefront-secrets.service", "storefront-secrets-refresh.timer")
}
