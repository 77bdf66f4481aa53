package helmtest_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"sigs.k8s.io/yaml"
)

const chart = "../helm/meetingbot"

// objects are the rendered objects, decoded strictly: a field that Kubernetes doesn't know
// is an error.
type objects struct {
	deployment appsv1.Deployment
	service    corev1.Service
	account    corev1.ServiceAccount
	claim      *corev1.PersistentVolumeClaim
	owners     *corev1.ConfigMap
	disruption *policyv1.PodDisruptionBudget
	doctor     batchv1.Job
}

// helm renders the chart with values. If it fails, complaint is the error.
func helm(t *testing.T, set ...string) (rendered, complaint string) {
	t.Helper()
	args := []string{"template", "prod", chart, "--namespace", "bots", "--kube-version", "1.31.0"}
	for _, s := range set {
		args = append(args, "--set", s)
	}
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), "helm", args...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return "", fmt.Sprintf("%v: %s", err, errs.String())
	}
	return out.String(), ""
}

func render(t *testing.T, set ...string) objects {
	t.Helper()
	text, complaint := helm(t, append([]string{"existingSecret=tokens"}, set...)...)
	if complaint != "" {
		t.Fatalf("helm template %v: %s", set, complaint)
	}
	var o objects
	for _, document := range strings.Split(text, "\n---\n") {
		var kind struct{ Kind string }
		if err := yaml.Unmarshal([]byte(document), &kind); err != nil {
			t.Fatalf("helm template %v: %v in\n%s", set, err, document)
		}
		var into any
		switch kind.Kind {
		case "":
			continue
		case "Deployment":
			into = &o.deployment
		case "Job":
			into = &o.doctor
		case "Service":
			into = &o.service
		case "ServiceAccount":
			into = &o.account
		case "PersistentVolumeClaim":
			o.claim = new(corev1.PersistentVolumeClaim)
			into = o.claim
		case "ConfigMap":
			o.owners = new(corev1.ConfigMap)
			into = o.owners
		case "PodDisruptionBudget":
			o.disruption = new(policyv1.PodDisruptionBudget)
			into = o.disruption
		default:
			t.Fatalf("helm template %v renders a %s, want one of the kinds above", set, kind.Kind)
		}
		if err := yaml.UnmarshalStrict([]byte(document), into); err != nil {
			t.Fatalf("helm template %v: %s: %v in\n%s", set, kind.Kind, err, document)
		}
	}
	return o
}

// env returns the variables of the bot's container.
func env(o objects) map[string]string { return variablesOf(o.deployment.Spec.Template.Spec) }

// variablesOf returns the variables of a pod's one container.
func variablesOf(pod corev1.PodSpec) map[string]string {
	variables := map[string]string{}
	for _, v := range pod.Containers[0].Env {
		variables[v.Name] = v.Value
	}
	return variables
}

func TestSQLite(t *testing.T) {
	t.Parallel()
	o := render(t, "config.MEETING_APP_ID=app", "config.KEEP=365d", "config.DELEGATION_MAX=0", "config.ASK_OWNER=off", "config.MANY_MAX=5", "config.SECOND_PERSON=many")
	spec := o.deployment.Spec
	if *spec.Replicas != 1 || spec.Strategy.Type != appsv1.RecreateDeploymentStrategyType || spec.Strategy.RollingUpdate != nil {
		t.Errorf("replicas %d, strategy %+v, want one, and Recreate: the file belongs to one process", *spec.Replicas, spec.Strategy)
	}
	if o.claim == nil || o.disruption != nil || o.owners != nil {
		t.Errorf("claim %v, disruption budget %v, owners %v, want only the claim", o.claim, o.disruption, o.owners)
	}
	want := map[string]string{
		"MEETING_APP_ID": "app", "KEEP": "365d", "DELEGATION_MAX": "0", "ASK_OWNER": "off", "MANY_MAX": "5", "DATABASE_URL": "sqlite:/data/meetingbot.db",
		"SLACK_APP_TOKEN_FILE": "/run/secrets/meetingbot/SLACK_APP_TOKEN",
	}
	for name, value := range want {
		if got := env(o)[name]; got != value {
			t.Errorf("%s = %q, want %q", name, got, value)
		}
	}
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	o := render(t, "database.kind=postgres", "replicas=3", `ownerMap=ana\,U1`)
	rolling := o.deployment.Spec.Strategy.RollingUpdate
	if rolling == nil || rolling.MaxUnavailable.IntValue() != 0 || rolling.MaxSurge.IntValue() != 1 {
		t.Errorf("rolling update %+v, want a new pod before an old one is stopped", rolling)
	}
	if o.claim != nil || o.disruption == nil || o.disruption.Spec.MaxUnavailable.IntValue() != 1 {
		t.Errorf("claim %v, disruption budget %+v, want no claim, and one pod at a time", o.claim, o.disruption)
	}
	if o.owners == nil || o.owners.Data["owners.csv"] != "ana,U1" || env(o)["OWNER_MAP"] != "/etc/meetingbot/owners.csv" {
		t.Errorf("owners %+v, OWNER_MAP %q, want the map as a file", o.owners, env(o)["OWNER_MAP"])
	}
	if e := env(o); e["DATABASE_URL"] != "" || e["DATABASE_URL_FILE"] == "" {
		t.Errorf("DATABASE_URL %q, DATABASE_URL_FILE %q, want the file alone", e["DATABASE_URL"], e["DATABASE_URL_FILE"])
	}
	if selector := o.disruption.Spec.Selector.MatchLabels; fmt.Sprint(selector) != fmt.Sprint(o.deployment.Spec.Selector.MatchLabels) {
		t.Errorf("the disruption budget selects %v, want the deployment's pods", selector)
	}
}

// TestHardened asserts that the pod is hardened, however it is configured.
func TestHardened(t *testing.T) {
	t.Parallel()
	for _, set := range [][]string{nil, {"database.kind=postgres", "replicas=2"}, {"platformIds=true"}} {
		o := render(t, set...)
		pod := o.deployment.Spec.Template.Spec
		c := pod.Containers[0]
		if platform := slices.Contains(set, "platformIds=true"); platform != (pod.SecurityContext.RunAsUser == nil) {
			t.Errorf("%v: user %v, want the platform's only with platformIds", set, pod.SecurityContext.RunAsUser)
		}
		switch {
		case !*pod.SecurityContext.RunAsNonRoot || pod.SecurityContext.RunAsUser != nil && *pod.SecurityContext.RunAsUser == 0:
			t.Errorf("%v: security context %+v, want an unprivileged user", set, pod.SecurityContext)
		case pod.SecurityContext.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault:
			t.Errorf("%v: seccomp %+v, want the runtime's", set, pod.SecurityContext.SeccompProfile)
		case !*c.SecurityContext.ReadOnlyRootFilesystem || *c.SecurityContext.AllowPrivilegeEscalation:
			t.Errorf("%v: container %+v, want a read-only root and no privilege escalation", set, c.SecurityContext)
		case !slices.Equal(c.SecurityContext.Capabilities.Drop, []corev1.Capability{"ALL"}) || c.SecurityContext.Capabilities.Add != nil:
			t.Errorf("%v: capabilities %+v, want none", set, c.SecurityContext.Capabilities)
		case *pod.AutomountServiceAccountToken || *o.account.AutomountServiceAccountToken:
			t.Errorf("%v: a service account token is mounted, want none", set)
		}
		for name, path := range map[string]string{
			c.LivenessProbe.HTTPGet.Path: "/healthz", c.ReadinessProbe.HTTPGet.Path: "/readyz", c.StartupProbe.HTTPGet.Path: "/healthz",
		} {
			if name != path {
				t.Errorf("%v: a probe asks %s, want %s", set, name, path)
			}
		}
		if _, limited := c.Resources.Limits[corev1.ResourceMemory]; !limited || c.Resources.Requests.Cpu().IsZero() {
			t.Errorf("%v: resources %+v, want a memory limit and a request", set, c.Resources)
		}
		if *pod.TerminationGracePeriodSeconds <= 20 {
			t.Errorf("%v: %d s to stop, want more than SHUTDOWN_TIMEOUT's 20", set, *pod.TerminationGracePeriodSeconds)
		}
		mounted := map[string]bool{}
		for _, v := range pod.Volumes {
			mounted[v.Name] = true
		}
		for _, m := range c.VolumeMounts {
			if !mounted[m.Name] {
				t.Errorf("%v: %s is mounted but isn't a volume", set, m.Name)
			}
		}
	}
}

// TestDoctor asserts that the Job has the same configuration as the bot, and is hardened
// like it.
func TestDoctor(t *testing.T) {
	t.Parallel()
	for _, set := range [][]string{
		nil,
		{"database.kind=postgres", "ownerMap=ana\\,U1", "config.ALLOW_USERS=U1", "ca.configMap=ca", "ca.keys={SLACK_CA}"},
		{"platformIds=true", "extraEnv[0].name=HTTPS_PROXY", "extraEnv[0].value=http://proxy:3128"},
	} {
		o := render(t, set...)
		bot, doctor := o.deployment.Spec.Template.Spec, o.doctor.Spec.Template.Spec
		if got := doctor.Containers[0].Args; !slices.Equal(got, []string{"doctor"}) || doctor.RestartPolicy != corev1.RestartPolicyNever {
			t.Errorf("%v: the job runs %v, restarted %s, want doctor, once", set, got, doctor.RestartPolicy)
		}
		if o.doctor.Annotations["helm.sh/hook"] != "test" {
			t.Errorf("%v: the job's annotations are %v, want it to be run by helm test alone", set, o.doctor.Annotations)
		}
		for what, pair := range map[string][2]any{
			"variables": {variablesOf(bot), variablesOf(doctor)}, "volumes": {bot.Volumes, doctor.Volumes},
			"mounts":   {bot.Containers[0].VolumeMounts, doctor.Containers[0].VolumeMounts},
			"security": {bot.SecurityContext, doctor.SecurityContext}, "rights": {bot.Containers[0].SecurityContext, doctor.Containers[0].SecurityContext},
			"image": {bot.Containers[0].Image, doctor.Containers[0].Image},
		} {
			if !reflect.DeepEqual(pair[0], pair[1]) {
				t.Errorf("%v: the bot's %s are %+v, doctor's are %+v", set, what, pair[0], pair[1])
			}
		}
		if selector := o.service.Spec.Selector; selector["app.kubernetes.io/name"] == o.doctor.Spec.Template.Labels["app.kubernetes.io/name"] {
			t.Errorf("%v: the service %v finds the job's pod", set, selector)
		}
	}
}

// TestCertificates asserts that certificates are mounted as files that the variables name.
func TestCertificates(t *testing.T) {
	t.Parallel()
	o := render(t, "ca.configMap=corporate", "ca.keys={SLACK_CA,DATABASE_CA}")
	e := env(o)
	if e["SLACK_CA_FILE"] != "/etc/meetingbot-ca/SLACK_CA" || e["DATABASE_CA_FILE"] != "" || e["MEETING_CA_FILE"] != "" {
		t.Errorf("variables %v, want SLACK_CA_FILE alone: DATABASE_URL names the other", e)
	}
	for _, v := range o.deployment.Spec.Template.Spec.Volumes {
		if v.Name == "ca" && v.ConfigMap.Name == "corporate" && len(v.ConfigMap.Items) == 2 {
			return
		}
	}
	t.Errorf("volumes %+v, want the ConfigMap with both keys", o.deployment.Spec.Template.Spec.Volumes)
}

// TestExtras asserts that extra values are passed through.
func TestExtras(t *testing.T) {
	t.Parallel()
	o := render(t, "extraEnv[0].name=PGAPPNAME", "extraEnv[0].value=bot", "extraEnvFrom[0].secretRef.name=proxy",
		"extraVolumes[0].name=more", "extraVolumes[0].emptyDir.sizeLimit=1Mi", "extraVolumeMounts[0].name=more", "extraVolumeMounts[0].mountPath=/more")
	c := o.deployment.Spec.Template.Spec.Containers[0]
	mounted := slices.ContainsFunc(c.VolumeMounts, func(m corev1.VolumeMount) bool { return m.MountPath == "/more" })
	volume := slices.ContainsFunc(o.deployment.Spec.Template.Spec.Volumes, func(v corev1.Volume) bool { return v.Name == "more" && v.EmptyDir != nil })
	if env(o)["PGAPPNAME"] != "bot" || len(c.EnvFrom) != 1 || c.EnvFrom[0].SecretRef.Name != "proxy" || !mounted || !volume {
		t.Errorf("the container is %+v, want the extras in it", c)
	}
}

// TestDocumentedCommands runs every helm command in the documents as written.
func TestDocumentedCommands(t *testing.T) {
	t.Parallel()
	var commands []string
	for _, name := range []string{"setup.md", "upgrade.md"} {
		page, err := os.ReadFile("../../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		commands = append(commands, regexp.MustCompile(`(?m)^ *helm (?:install|upgrade)(?:.*\\\n)*.*$`).FindAllString(string(page), -1)...)
	}
	if len(commands) < 3 {
		t.Fatalf("the documents have the helm commands %q, want one for each database and one to upgrade", commands)
	}
	for _, command := range commands {
		rendered := regexp.MustCompile(`helm (install|upgrade( --install)?)`).ReplaceAllString(command, "helm template --kube-version 1.31.0")
		// There is no release here whose values could be reused.
		rendered = strings.ReplaceAll(rendered, "--reset-then-reuse-values", "--set existingSecret=meetingbot")
		cmd := exec.CommandContext(t.Context(), "sh", "-ec", rendered)
		cmd.Dir = "../.."
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s\n%v: %s", command, err, out)
		}
	}
	help, err := exec.CommandContext(t.Context(), "helm", "upgrade", "--help").Output()
	if err != nil || !bytes.Contains(help, []byte("--reset-then-reuse-values")) {
		t.Errorf("helm upgrade has no --reset-then-reuse-values (%v)", err)
	}
}

// TestDurations asserts that the template checks all durations of the schema.
func TestDurations(t *testing.T) {
	t.Parallel()
	schema, err := os.ReadFile(chart + "/values.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`"([A-Z_]+)": \{\s*"\$ref": "#/definitions/duration"`).FindAllStringSubmatch(string(schema), -1)
	if len(names) < 6 {
		t.Fatalf("the schema has the durations %q, want all", names)
	}
	for _, m := range names {
		if _, complaint := helm(t, "existingSecret=x", "config."+m[1]+"=7"); !strings.Contains(complaint, "config."+m[1]+" is not a duration") {
			t.Errorf("helm template with %s=7 says %q, want that it is not a duration", m[1], complaint)
		}
		if _, complaint := helm(t, "existingSecret=x", "config."+m[1]+"=1h", "terminationGracePeriodSeconds=3601"); complaint != "" {
			t.Errorf("helm template with %s=1h says %q", m[1], complaint)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		set  []string
		want string
	}{
		{nil, "existingSecret is empty"},
		{[]string{"existingSecret=x", "replicas=2"}, "more than one replica needs PostgreSQL"},
		{[]string{"existingSecret=x", "database.kind=postgres", "replicas=5"}, "Slack allows 10 sockets per app"},
		{[]string{"existingSecret=x", "config.SHUTDOWN_TIMEOUT=60s"}, "terminationGracePeriodSeconds 30 is not longer than SHUTDOWN_TIMEOUT 60s"},
		{[]string{"existingSecret=x", "config.SHUTDOWN_TIMEOUT=30s"}, "is not longer than SHUTDOWN_TIMEOUT 30s"},
		{[]string{"existingSecret=x", "terminationGracePeriodSeconds=20"}, "is not longer than SHUTDOWN_TIMEOUT 20s"},
		{[]string{"existingSecret=x", "config.SECOND_PERSN=always"}, "SECOND_PERSN"},
		{[]string{"existingSecret=x", "config.CONFIRM_TTL=15"}, `config.CONFIRM_TTL is not a duration: "15"; write a number and a unit`},
		{[]string{"existingSecret=x", "config.KEEP=1y"}, `config.KEEP is not a duration: "1y"; write a number and a unit`},
		{[]string{"existingSecret=x", "config.UNDO_WINDOW="}, `config.UNDO_WINDOW is not a duration: ""; write a number and a unit`},
		{[]string{"existingSecret=x", "config.SLACK_CONNECTIONS=11"}, "SLACK_CONNECTIONS"},
		{[]string{"existingSecret=x", "config.SLACK_CONNECTIONS=two"}, "SLACK_CONNECTIONS"},
		{[]string{"existingSecret=x", "config.MANY_MAX=0"}, "MANY_MAX"},
		{[]string{"existingSecret=x", "config.TELL_INVITED=some"}, "TELL_INVITED"},
		{[]string{"existingSecret=x", "ca.configMap=c"}, "ca.keys is empty"},
		{[]string{"existingSecret=x", "ca.keys={SLACK_CA}"}, "ca.configMap is empty"},
		{[]string{"existingSecret=x", "ca.configMap=c", "ca.keys={MEETING_CA}", "config.MEETING_CA=x"}, "keep one of them"},
		{[]string{"existingSecret=x", "ca.configMap=c", "ca.keys={TLS_CA}"}, "ca"},
		{[]string{"existingSecret=x", "database.kind=mysql"}, "kind"},
		{[]string{"existingSecret=x", "replica=2"}, "replica"},
	} {
		if _, complaint := helm(t, tt.set...); !strings.Contains(complaint, tt.want) {
			t.Errorf("helm template %v says %q, want %q", tt.set, complaint, tt.want)
		}
	}
}
