package helmtest_test

import (
	"bytes"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"sigs.k8s.io/yaml"
)

const chart = "../helm/meetingbot"

// objects are what the chart renders, decoded strictly: a field that
// Kubernetes does not know is an error.
type objects struct {
	deployment appsv1.Deployment
	service    corev1.Service
	account    corev1.ServiceAccount
	claim      *corev1.PersistentVolumeClaim
	owners     *corev1.ConfigMap
	disruption *policyv1.PodDisruptionBudget
}

// helm renders the chart with values, and returns what it says on failure.
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

// env returns the variables of the one container.
func env(o objects) map[string]string {
	variables := map[string]string{}
	for _, v := range o.deployment.Spec.Template.Spec.Containers[0].Env {
		variables[v.Name] = v.Value
	}
	return variables
}

func TestSQLite(t *testing.T) {
	t.Parallel()
	o := render(t, "config.MEETING_APP_ID=app")
	spec := o.deployment.Spec
	if *spec.Replicas != 1 || spec.Strategy.Type != appsv1.RecreateDeploymentStrategyType || spec.Strategy.RollingUpdate != nil {
		t.Errorf("replicas %d, strategy %+v, want one, and Recreate: the file belongs to one process", *spec.Replicas, spec.Strategy)
	}
	if o.claim == nil || o.disruption != nil || o.owners != nil {
		t.Errorf("claim %v, disruption budget %v, owners %v, want only the claim", o.claim, o.disruption, o.owners)
	}
	want := map[string]string{
		"MEETING_APP_ID": "app", "DATABASE_URL": "sqlite:/data/meetingbot.db",
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
		t.Errorf("rolling update %+v, want a new pod before an old one goes", rolling)
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

// TestHardened holds for every way to run it.
func TestHardened(t *testing.T) {
	t.Parallel()
	for _, set := range [][]string{nil, {"database.kind=postgres", "replicas=2"}} {
		o := render(t, set...)
		pod := o.deployment.Spec.Template.Spec
		c := pod.Containers[0]
		switch {
		case !*pod.SecurityContext.RunAsNonRoot || *pod.SecurityContext.RunAsUser == 0:
			t.Errorf("%v: security context %+v, want nobody's", set, pod.SecurityContext)
		case pod.SecurityContext.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault:
			t.Errorf("%v: seccomp %+v, want the runtime's", set, pod.SecurityContext.SeccompProfile)
		case !*c.SecurityContext.ReadOnlyRootFilesystem || *c.SecurityContext.AllowPrivilegeEscalation:
			t.Errorf("%v: container %+v, want a read-only root and no way up", set, c.SecurityContext)
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
				t.Errorf("%v: %s is mounted and is no volume", set, m.Name)
			}
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
		{[]string{"existingSecret=x", "database.kind=postgres", "replicas=5"}, "Slack allows an app 10 sockets"},
		{[]string{"existingSecret=x", "config.SECOND_PERSN=always"}, "SECOND_PERSN"},
		{[]string{"existingSecret=x", "config.CONFIRM_TTL=15"}, "CONFIRM_TTL"},
		{[]string{"existingSecret=x", "database.kind=mysql"}, "kind"},
		{[]string{"existingSecret=x", "replica=2"}, "replica"},
	} {
		if _, complaint := helm(t, tt.set...); !strings.Contains(complaint, tt.want) {
			t.Errorf("helm template %v says %q, want %q", tt.set, complaint, tt.want)
		}
	}
}
